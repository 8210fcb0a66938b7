"""Rows that fail keep no other ones waiting, whatever else is done in the same task."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError

from accounts.models import Clinic
from accounts.tests.factories import ClinicFactory
from therapybridge.core.batches import RowsFailed, each_alone, in_turn
from therapybridge.core.crypto import DecryptionError

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinics() -> list[Clinic]:
    return ClinicFactory.create_batch(3)


def renamed(clinic: Clinic, *, broken: Clinic, error: type[Exception]) -> bool:
    Clinic.objects.filter(pk=clinic.pk).update(name="Renamed")
    if clinic == broken:
        raise error
    return True


def rename(clinics: list[Clinic], error: type[Exception]) -> int:
    return each_alone(clinics, lambda one: renamed(one, broken=clinics[0], error=error), event="not_renamed")


def test_a_row_that_fails_is_undone_alone_and_told(clinics):
    with pytest.raises(RowsFailed) as told:
        rename(clinics, DecryptionError)
    assert (told.value.done, told.value.failed) == (2, 1)
    assert set(Clinic.objects.filter(name="Renamed")) == set(clinics[1:])


@pytest.mark.parametrize("error", [OperationalError, SoftTimeLimitExceeded], ids=["database", "time"])
def test_without_a_database_or_time_nothing_more_is_tried(clinics, error):
    with pytest.raises(error):
        rename(clinics, error)
    assert not Clinic.objects.filter(name="Renamed").exists()


def test_a_part_in_which_rows_fail_keeps_no_other_part_waiting(clinics):
    with pytest.raises(RowsFailed) as told:
        in_turn(lambda: 1, lambda: rename(clinics, DecryptionError), lambda: 4)
    assert (told.value.done, told.value.failed) == (7, 1)
    assert in_turn(lambda: 1, lambda: 4) == 5
