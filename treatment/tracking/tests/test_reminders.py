"""Reminders: due, once a day, in nobody's quiet hours, and without a word about what they are for."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from accounts.models import OutgoingMail, PatientProfile
from accounts.tests.factories import end_care
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.batches import RowsFailed
from therapybridge.core.errors import InvalidInput
from therapybridge.core.links import LinkGone
from treatment.models import ReminderPreference, SentReminder, Tracker, TrackingEntry
from treatment.tracking.services.reminders import first_time, is_quiet, patient_of_link, send_reminders, set_reminders
from treatment.tracking.tests.factories import running_tracker

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)  # 17:30 in Chicago
EARLY, NIGHT = datetime(2026, 11, 12, 22, 59, tzinfo=UTC), datetime(2026, 11, 13, 2, tzinfo=UTC)
OVER_MIDNIGHT = {"clock": time(21), "start": time(20), "end": time(8), "expected": True}


@pytest.fixture
def tracker(db):
    tracker = running_tracker(sends_reminders=True, question="Did you want to drink?")
    return reachable(tracker)


def reachable(tracker):
    tracker.patient.time_zone, tracker.patient.email = "America/Chicago", f"{uuid4().hex}@example.org"
    tracker.patient.save()
    return tracker


def entered(tracker, day, **more):
    return TrackingEntry.objects.create(tracker=tracker, patient=tracker.patient, day=day, value=1, **more)


def test_one_is_sent_a_day_however_often_the_task_runs(tracker):
    assert [send_reminders(EVENING), send_reminders(EVENING + timedelta(hours=1))] == [1, 0]
    assert send_reminders(EVENING + timedelta(days=1)) == 1


def test_it_says_nothing_about_what_it_is_for(tracker):
    send_reminders(EVENING)
    mail = OutgoingMail.objects.get(kind="reminder")
    said = f"{mail.subject} {mail.text} {mail.html}".lower()
    for word in ("drink", "sleep", "goal", "therap", "treatment", tracker.patient.last_name.lower()):
        assert word not in said.replace("therapybridge", "")


@pytest.mark.parametrize("hour", [EARLY, NIGHT])
def test_none_is_sent_before_five_or_in_the_quiet_hours_of_the_patient(tracker, hour):
    assert send_reminders(hour) == 0


def test_none_is_sent_to_whom_it_is_not_due(tracker):
    entered(tracker, EVENING.date())
    assert send_reminders(EVENING) == 0


def test_none_is_sent_for_a_questionnaire_that_is_followed(tracker):
    Tracker.objects.update(kind="measure", instrument="phq-9", lowest=None, highest=None)
    assert send_reminders(EVENING) == 0


def test_a_withdrawn_value_leaves_it_due(tracker):
    entered(tracker, EVENING.date(), withdrawn_at=EVENING)
    assert send_reminders(EVENING) == 1


def test_nobody_is_reminded_whom_nobody_treats(tracker):
    end_care(tracker.patient.care_relations.get())
    assert send_reminders(EVENING) == 0


def test_what_was_sent_is_forgotten_after_a_week(tracker):
    days = [EVENING.date() - timedelta(days=number) for number in (8, 7, 1)]
    SentReminder.objects.bulk_create(SentReminder(patient=tracker.patient, day=day) for day in days)
    assert send_reminders(EVENING) == 1
    assert [row.day for row in SentReminder.objects.all()] == [EVENING.date(), *reversed(days[1:])]


def test_nobody_without_an_address_counts_as_reminded(tracker):
    tracker.patient.email = None
    tracker.patient.save()
    assert send_reminders(EVENING) == 0
    assert not SentReminder.objects.exists()


@pytest.mark.parametrize(("days", "is_sent"), [(6, 0), (7, 1)])
def test_a_weekly_one_is_due_after_seven_days(tracker, days, is_sent):
    tracker.rhythm = "weekly"
    tracker.save()
    entered(tracker, EVENING.date() - timedelta(days=days))
    assert send_reminders(EVENING) == is_sent


def test_whoever_stopped_them_or_whose_plan_is_not_active_gets_none(tracker):
    set_reminders(tracker.patient, wants_reminders=False, by=Actor(user=tracker.patient))
    assert send_reminders(EVENING) == 0
    set_reminders(tracker.patient, wants_reminders=True, by=Actor(user=tracker.patient))
    plan = tracker.goal.plan
    plan.status, plan.next_review_date, plan.reason = "on_hold", None, "Moving house"
    plan.save()
    assert send_reminders(EVENING) == 0
    assert ReminderPreference.objects.count() == 1


def test_the_link_in_the_mail_stops_them_and_nobody_elses(tracker, client):
    other = reachable(running_tracker(sends_reminders=True))
    send_reminders(EVENING)
    text = OutgoingMail.objects.filter(kind="reminder").order_by("id").first().text
    path = text.partition("/reminders/")[2].split()[0].rstrip(".")
    assert client.get(f"/reminders/{path}").status_code == 200
    assert not ReminderPreference.objects.exists()
    assert client.post(f"/reminders/{path}").status_code == 200
    assert ReminderPreference.objects.get().wants_reminders is False
    assert ReminderPreference.objects.get().patient in {tracker.patient, other.patient}


def test_a_patient_whose_address_cannot_be_read_keeps_no_other_from_being_reminded(tracker):
    reachable(running_tracker(sends_reminders=True))
    moved = PatientProfile._meta.get_field("email").seal("a@example.org", uuid4())
    PatientProfile.objects.update_or_create(patient=tracker.patient, defaults={})
    PatientProfile.objects.filter(patient=tracker.patient).update(email=moved)
    with pytest.raises(RowsFailed) as told:
        send_reminders(EVENING)
    assert (told.value.done, told.value.failed) == (1, 1)
    assert SentReminder.objects.exclude(patient=tracker.patient).count() == 1


@pytest.mark.parametrize("token", ["", "a", "1:2:3"])
def test_a_made_up_link_stops_nothing(token):
    with pytest.raises(LinkGone):
        patient_of_link(token)


def chosen(tracker, start, end, **more):
    given = {"quiet_from": time.fromisoformat(start), "quiet_until": time.fromisoformat(end)}
    set_reminders(tracker.patient, by=Actor(user=tracker.patient), **given, **more)


@pytest.mark.parametrize(
    ("start", "end", "first"),
    [
        ("20:00", "08:00", "17:00"),
        ("17:10", "08:00", "16:10"),  # ten minutes could fall between two runs of the task
        ("16:00", "09:00", "15:00"),
        ("09:00", "08:30", "08:30"),
        ("23:00", "18:00", "18:00"),
        ("12:00", "14:00", "17:00"),
        ("16:00", "19:00", "19:00"),
        ("17:10", "23:59", "16:10"),
        ("00:30", "23:59", "00:00"),
        ("06:00", "06:00", "17:00"),
    ],
)
def test_the_first_time_of_a_day_is_never_quiet_and_comes_every_day(start, end, first):
    begin, stop = time.fromisoformat(start), time.fromisoformat(end)
    found = first_time(begin, stop)
    assert (found, is_quiet(found, begin, stop)) == (time.fromisoformat(first), False)


def local(day, clock, zone="America/Chicago"):
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("day", ["2026-10-31", "2026-11-01", "2026-11-02", "2027-03-13", "2027-03-14", "2027-03-15"])
def test_quiet_hours_are_those_of_the_patients_clock_also_when_it_changes(tracker, day):
    chosen(tracker, "17:45", "08:00")
    assert [send_reminders(local(day, clock)) for clock in ("16:44", "17:45", "23:59", "16:45")] == [0, 0, 0, 1]


@pytest.mark.parametrize("start", ["02:30", "03:30"])  # from 1:30, which comes twice; from 2:30, which does not come
def test_the_nights_in_which_the_clock_changes_send_one(tracker, start):
    chosen(tracker, start, "01:00")
    for day in ("2026-11-01", "2027-03-14"):
        begin = local(day, "00:00")
        sent = [send_reminders(begin + timedelta(minutes=15 * step)) for step in range(96)]
        assert sum(sent) == 1, day


def test_the_patients_own_zone_counts_before_the_clinics(tracker):
    tracker.patient.time_zone = "Asia/Tokyo"
    tracker.patient.save()
    assert send_reminders(EVENING) == 0
    assert send_reminders(local("2026-11-13", "17:00", "Asia/Tokyo")) == 1


def test_quiet_hours_leave_an_hour_of_the_day(tracker):
    with pytest.raises(InvalidInput) as refused:
        chosen(tracker, "08:00", "07:30")
    assert list(refused.value.errors) == ["quiet_until"]
    chosen(tracker, "08:00", "07:00")


def test_a_patient_sees_and_sets_them_in_the_portal(tracker, client_for):
    browser = client_for(tracker.patient)
    page = browser.get("/account/reminders").text
    assert 'value="20:00"' in page
    assert "America/Chicago" in page
    saved = {"wants_reminders": "on", "quiet_from": "16:30", "quiet_until": "10:00"}
    assert browser.post("/account/reminders", saved).status_code == 302
    held = ReminderPreference.objects.get()
    assert (held.wants_reminders, held.quiet_from, held.quiet_until) == (True, time(16, 30), time(10))
    assert "15:30" in browser.get("/portal/check-ins").text
    refused = browser.post("/account/reminders", saved | {"quiet_until": "16:00"})
    assert (refused.status_code, "Leave at least an hour" in refused.text) == (422, True)
    browser.post("/account/reminders", saved | {"wants_reminders": ""})
    assert ReminderPreference.objects.get().wants_reminders is False
    changes = AuditEvent.objects.filter(action="reminders.changed").order_by("id")
    assert [row.changed for row in changes] == [["quiet_from", "quiet_until"], ["wants_reminders"]]


def test_a_device_reads_and_sets_them(tracker, api_for):
    api = api_for(tracker.patient)
    shown = api.get("/api/v1/me/reminders").json()
    assert shown == {
        "wants_reminders": True,
        "quiet_from": "20:00",
        "quiet_until": "08:00",
        "sent_from": "17:00",
        "time_zone": "America/Chicago",
    }
    assert not ReminderPreference.objects.exists()
    changed = api.patch("/api/v1/me/reminders", {"quiet_from": "16:00"}, format="json").json()
    assert (changed["quiet_from"], changed["sent_from"]) == ("16:00", "15:00")
    refused = api.patch("/api/v1/me/reminders", {"quiet_until": "25:00"}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["quiet_until"])


@pytest.mark.parametrize(
    ("clock", "start", "end", "expected"),
    [
        tuple(OVER_MIDNIGHT.values()),
        (time(7, 59), time(20), time(8), True),
        (time(8), time(20), time(8), False),
        (time(19, 59), time(20), time(8), False),
        (time(13), time(12), time(14), True),
        (time(14), time(12), time(14), False),
        (time(3), time(8), time(8), False),
    ],
)
def test_quiet_hours_may_go_over_midnight(clock, start, end, expected):
    assert is_quiet(clock, start, end) is expected
