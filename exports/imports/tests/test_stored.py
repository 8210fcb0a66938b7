"""What version 1 wrote still comes in."""

import pytest

from accounts.tests.factories import TherapistFactory
from exports.imports.services.reading import read_record
from exports.imports.services.taking import require_whole, take_in
from exports.imports.tests.elsewhere import again
from exports.imports.tests.stored import STORED
from therapybridge.core.actor import Actor


@pytest.mark.django_db
def test_a_record_of_version_1_comes_in_and_is_equal():
    record, importer = read_record(STORED.read_bytes()), TherapistFactory()
    require_whole(record)
    patient = take_in(record, by=Actor(user=importer))
    kept = again(importer, patient.pk)
    assert all(one.is_intact for one in kept.notes)
    assert [one.content for one in kept.notes] == [one.content for one in record.notes]
    assert kept.treatment.results == record.treatment.results
    assert len(kept.sessions) == len(record.sessions)
