"""Schedules give out questionnaires on the clinic's day, once, and catch up after an outage."""

from datetime import date, timedelta

import pytest
import time_machine
from structlog.testing import capture_logs

from accounts.tests.factories import CareFactory, access_for, end_care
from therapybridge.core.actor import SYSTEM
from therapybridge.core.batches import RowsFailed
from treatment.measures.services.assigning import end_schedule, start_schedule
from treatment.measures.services.schedules import assign_due
from treatment.measures.tasks import assign_due_measures
from treatment.measures.tests.factories import taken
from treatment.models import MeasureAssignment, MeasureSchedule

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)


@pytest.fixture
def schedule(therapist, patient):
    with time_machine.travel("2026-03-01T12:00:00Z"):
        access = access_for(therapist, patient)
        return start_schedule(access, instrument="gad-7", every_days=7, first_due_date=START)


def due_dates():
    return list(MeasureAssignment.objects.order_by("id").values_list("due_date", flat=True))


def test_it_begins_on_the_day_of_the_clinic(schedule, therapist, patient):
    with time_machine.travel("2026-03-01T22:59:00Z"):  # 23:59 in Berlin
        assert assign_due(by=SYSTEM) == 0
    with time_machine.travel("2026-03-01T23:01:00Z"):  # the next day there
        assert assign_due_measures() == 1
        assert assign_due_measures() == 0
    assert due_dates() == [START]
    waiting = MeasureAssignment.objects.get()
    assert (waiting.assigned_by, waiting.is_overdue(START), waiting.is_overdue(START + timedelta(days=1))) == (
        therapist,
        False,
        True,
    )


def test_none_is_given_out_while_the_same_one_waits(schedule, therapist, patient):
    for day in ("2026-03-02", "2026-03-09", "2026-03-16"):
        with time_machine.travel(f"{day}T12:00:00Z"):
            assign_due(by=SYSTEM)
    assert due_dates() == [START]
    with time_machine.travel("2026-03-17T12:00:00Z"):
        taken(therapist, patient)
        assert assign_due(by=SYSTEM) == 0
    with time_machine.travel("2026-03-23T12:00:00Z"):
        assert assign_due(by=SYSTEM) == 1
    assert due_dates() == [START, date(2026, 3, 23)]


def test_after_an_outage_the_latest_date_counts(schedule):
    with time_machine.travel("2026-03-25T12:00:00Z"):
        assert assign_due(by=SYSTEM) == 1
    schedule.refresh_from_db()
    assert (due_dates(), schedule.next_due_date) == ([date(2026, 3, 23)], date(2026, 3, 30))


def test_nothing_is_given_out_after_the_end_or_where_nobody_treats_the_patient(schedule, therapist, patient):
    access = access_for(therapist, patient)
    end_care(patient.care_relations.get())
    with time_machine.travel("2026-03-03T12:00:00Z"):
        assert assign_due(by=SYSTEM) == 0
        patient.care_relations.update(is_active=True, ended_at=None)
        end_schedule(schedule, access=access)
        assert assign_due(by=SYSTEM) == 0
    assert due_dates() == []


def test_a_schedule_that_cannot_be_worked_off_is_told_and_keeps_no_other_waiting(schedule, therapist, patient):
    broken = CareFactory(therapist=therapist, patient__clinic=therapist.clinic).patient
    again = {"patient": broken, "instrument": "gad-7"}
    earlier = MeasureSchedule.objects.create(every_days=300, next_due_date=date(2026, 3, 1), **again)
    MeasureAssignment.objects.create(  # so that its date is taken
        schedule=earlier, due_date=date(2026, 3, 1), instrument_version=1, status="cancelled", **again
    )
    with time_machine.travel("2026-03-03T12:00:00Z"), pytest.raises(RowsFailed) as told, capture_logs() as logged:
        assign_due(by=SYSTEM)
    assert (told.value.done, told.value.failed, due_dates()) == (1, 1, [date(2026, 3, 1), START])
    assert [entry["event"] for entry in logged] == ["measure_not_assigned"]


def test_a_schedule_of_an_unknown_questionnaire_ends_and_keeps_no_other_waiting(schedule, therapist, patient):
    unknown = MeasureSchedule.objects.create(
        patient=patient, instrument="gone", every_days=7, next_due_date=date(2020, 1, 1), set_by=therapist
    )
    MeasureAssignment.objects.open().update(status="completed")
    MeasureSchedule.objects.filter(pk=schedule.pk).update(next_due_date=date(2020, 1, 2))
    assert assign_due(by=SYSTEM) == 1
    unknown.refresh_from_db()
    assert unknown.ended_at is not None
