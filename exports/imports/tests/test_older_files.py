"""A file from before a field was added is read; one with a field that nobody knows here is not."""

import json

import pytest

from exports.imports.services.reading import read_record
from exports.imports.services.refusals import ImportRefused
from exports.imports.tests.elsewhere import as_file
from exports.tests.records import full_record


def test_a_field_that_is_not_there_yet_has_its_default():
    data = json.loads(as_file(full_record()))
    del data["about"]["layout"]["shows_empty_fields"], data["patient"]["pronouns"]
    record = read_record(json.dumps(data).encode())
    assert (record.about.layout.shows_empty_fields, record.patient.pronouns) == (True, None)


def test_a_field_of_a_newer_version_is_refused():
    data = json.loads(as_file(full_record()))
    data["patient"]["star_sign"] = "Taurus"
    with pytest.raises(ImportRefused) as refused:
        read_record(json.dumps(data).encode())
    assert (refused.value.code, refused.value.place) == ("wrong_type", "patient.?")
