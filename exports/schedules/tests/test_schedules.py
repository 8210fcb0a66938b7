"""Scheduled exports: each of their days once, also after an outage, and never without the right to them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.care.access import RecordAccess
from accounts.models import OutgoingMail, TherapistPatient, User
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from exports.jobs.models import ExportJob
from exports.jobs.tests.conftest import work_off
from exports.schedules.models import ExportSchedule, ScheduledExport
from exports.schedules.services.making import announce_made, make_due
from exports.schedules.services.schedules import create_schedule, end_schedule
from exports.schedules.tasks import make_scheduled_exports
from therapybridge.core.actor import SYSTEM
from therapybridge.core.batches import RowsFailed
from therapybridge.core.errors import Conflict, ConsentRequired, InvalidInput

pytestmark = pytest.mark.django_db
OPTIONS = {"kind": "timeline", "format": "json", "basis": "practice", "recipient": "Our files", "purpose": "A copy"}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
BEGAN = datetime(2027, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def access(therapist: User, patient: User) -> RecordAccess:
    return access_for(therapist, patient)


def scheduled(access: RecordAccess, **changes: Any) -> ExportSchedule:
    given = OPTIONS | {"rhythm": "daily", "first_day": date(2027, 1, 11)} | changes
    return create_schedule(access, **given)


def run_at(moment: datetime) -> None:
    """The worker's round at a moment; the database's clock is that of the test."""
    ExportSchedule.objects.running().filter(next_due_at__lte=moment).update(next_due_at=LONG_AGO)
    with time_machine.travel(moment, tick=False):
        make_due(by=SYSTEM)


def periods() -> list[tuple[str, str]]:
    rows = ExportJob.objects.order_by("id").values_list("parameters", flat=True)
    return [(row["start"], row["end"]) for row in rows]


@time_machine.travel(BEGAN, tick=False)
def test_each_day_is_exported_once_and_the_missed_ones_too(access: RecordAccess) -> None:
    schedule = scheduled(access)
    run_at(BEGAN)
    assert not ExportJob.objects.exists()
    run_at(datetime(2027, 1, 11, 6, tzinfo=UTC))
    run_at(datetime(2027, 1, 11, 6, 1, tzinfo=UTC))
    assert periods() == [("2027-01-10", "2027-01-10")]
    run_at(datetime(2027, 1, 14, 7, tzinfo=UTC))  # after three days without a worker
    assert periods() == [(f"2027-01-{day}", f"2027-01-{day}") for day in (10, 11, 12, 13)]
    schedule.refresh_from_db()
    following = schedule.next_due_at.astimezone(access.user.zone)
    assert (schedule.following, following.date(), following.hour) == (4, date(2027, 1, 15), 6)


@time_machine.travel(BEGAN, tick=False)
def test_an_outage_floods_no_queue_what_is_left_follows_when_there_is_room(access: RecordAccess) -> None:
    scheduled(access)
    run_at(datetime(2027, 1, 20, 7, tzinfo=UTC))
    assert ExportJob.objects.count() == 5
    run_at(datetime(2027, 1, 20, 7, 1, tzinfo=UTC))
    assert ExportJob.objects.count() == 5
    ExportJob.objects.update(status="failed")
    run_at(datetime(2027, 1, 20, 7, 2, tzinfo=UTC))
    assert periods() == [(f"2027-01-{day}", f"2027-01-{day}") for day in range(10, 20)]


@time_machine.travel(BEGAN, tick=False)
def test_it_is_six_on_the_clock_of_its_owner(access: RecordAccess) -> None:
    User.objects.filter(pk=access.user.pk).update(time_zone="America/New_York")
    access.user.refresh_from_db()
    schedule = scheduled(access)
    assert schedule.next_due_at.astimezone(UTC) == datetime(2027, 1, 11, 11, tzinfo=UTC)


@time_machine.travel(BEGAN, tick=False)
def test_two_rounds_at_once_ask_for_one_export(access: RecordAccess) -> None:
    schedule = scheduled(access)
    run_at(datetime(2027, 1, 11, 7, tzinfo=UTC))
    # The other round read the row before the first one went on.
    ExportSchedule.objects.filter(pk=schedule.pk).update(following=0, next_due_at=LONG_AGO)
    with pytest.raises(RowsFailed):
        run_at(datetime(2027, 1, 11, 7, tzinfo=UTC))
    assert ExportJob.objects.count() == ScheduledExport.objects.count() == 1


@time_machine.travel(BEGAN, tick=False)
def test_it_ends_with_the_treatment(access: RecordAccess) -> None:
    schedule = scheduled(access)
    TherapistPatient.objects.update(is_active=False)
    run_at(datetime(2027, 1, 11, 7, tzinfo=UTC))
    schedule.refresh_from_db()
    assert schedule.end_reason == "access_ended"
    assert not ExportJob.objects.exists()
    assert AuditEvent.objects.filter(action="export.requested", outcome="denied").count() == 1


@time_machine.travel(BEGAN, tick=False)
def test_an_ended_one_makes_no_more(access: RecordAccess) -> None:
    schedule = scheduled(access)
    end_schedule(schedule, by=access)
    run_at(datetime(2027, 1, 12, 7, tzinfo=UTC))
    assert not ExportJob.objects.exists()
    with pytest.raises(Conflict) as refused:
        end_schedule(schedule, by=access)
    assert refused.value.code == "already_ended"


@time_machine.travel(BEGAN, tick=False)
@pytest.mark.parametrize("first_day", [date(2027, 1, 10), date(2026, 12, 1), date(2029, 1, 1)])
def test_it_begins_on_a_day_to_come(access: RecordAccess, first_day: date) -> None:
    with pytest.raises(InvalidInput) as refused:
        scheduled(access, first_day=first_day)
    assert set(refused.value.errors or {}) == {"first_day"}


@time_machine.travel(BEGAN, tick=False)
def test_what_needs_a_consent_is_not_scheduled_without_it(access: RecordAccess) -> None:
    with pytest.raises(ConsentRequired):
        scheduled(access, basis="payment")


@time_machine.travel(BEGAN, tick=False)
def test_five_run_for_a_patient_at_most(access: RecordAccess) -> None:
    for _ in range(5):
        scheduled(access)
    with pytest.raises(Conflict) as refused:
        scheduled(access)
    assert refused.value.code == "too_many"


@time_machine.travel(BEGAN, tick=False)
def test_its_owner_is_told_once_and_reads_nothing_of_the_record(access: RecordAccess, settings: Any) -> None:
    scheduled(access)
    run_at(datetime(2027, 1, 11, 7, tzinfo=UTC))
    job = ExportJob.objects.get()
    ExportJob.objects.update(next_attempt_at=LONG_AGO)
    assert announce_made() == 0
    assert work_off(job).status == "completed"
    assert [announce_made(), announce_made()] == [1, 0]
    mail = OutgoingMail.objects.get(kind="export_scheduled")
    assert mail.to == access.user.email
    told = f"{mail.subject} {mail.text} {mail.html}"
    assert not {word for word in (access.patient.first_name, access.patient.last_name, "Timeline") if word in told}


@time_machine.travel(BEGAN, tick=False)
def test_a_month_without_its_day_takes_its_last_one_and_covers_what_lies_between(access: RecordAccess) -> None:
    scheduled(access, rhythm="monthly", first_day=date(2027, 1, 31))
    for moment in (datetime(2027, 1, 31, 7, tzinfo=UTC), datetime(2027, 2, 28, 7, tzinfo=UTC)):
        run_at(moment)
    assert periods() == [("2026-12-31", "2027-01-30"), ("2027-01-31", "2027-02-27")]


@time_machine.travel(BEGAN, tick=False)
def test_one_whose_owner_is_gone_is_not_tried_again_and_keeps_no_other_waiting(access: RecordAccess) -> None:
    for name in ("first", "second"):
        scheduled(access, recipient=name)
    run_at(datetime(2027, 1, 11, 7, tzinfo=UTC))
    ExportJob.objects.update(status="failed", error_code="gave_up")
    first = ScheduledExport.objects.order_by("id").values_list("pk", flat=True)[0]
    ExportSchedule.objects.filter(occurrences=first).update(owner=None)
    assert announce_made() == 2
    assert OutgoingMail.objects.filter(kind="export_scheduled").count() == 1


def test_a_page_of_schedules_of_many_costs_as_many_queries_as_one_of_one(client_for: Any, access: RecordAccess) -> None:
    client, found = client_for(access.user), []
    client.get("/export-schedules")
    for number in (1, 4):
        for _ in range(number):
            scheduled(access, first_day=access.patient.clinic_day + timedelta(days=2))
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/export-schedules").status_code == 200
        found.append(len(queries))
    assert found[0] == found[1]


def test_the_round_of_the_worker_runs_as_a_task(access: RecordAccess) -> None:
    scheduled(access, first_day=access.patient.clinic_day + timedelta(days=2))
    assert make_scheduled_exports() == 0
