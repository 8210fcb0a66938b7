"""Check-ins: kept whole or not at all, and once however often they are sent."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.care.access import access_to
from accounts.tests.threads import at_once
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, InvalidInput
from treatment.models import Award, CheckIn, TrackingEntry
from treatment.patient_forms.services.links import create_link
from treatment.tracking.contexts import series_of
from treatment.tracking.services.check_ins import send_check_in
from treatment.tracking.tests.factories import running_tracker

pytestmark = pytest.mark.django_db


@pytest.fixture
def tracker(db):
    return running_tracker()


def sent(tracker, value=7, **more):
    access = access_to(more.pop("by"), tracker.patient, may_write=False)
    return send_check_in(access, **{"sent_key": uuid4().hex, "values": {tracker.pk: value}} | more)


@pytest.fixture
def own(tracker):
    return Actor(user=tracker.patient)


def test_values_mood_and_note_are_kept_together(tracker, own):
    check_in, is_new = sent(tracker, 7, mood=4, note="Woke up twice.", by=own)
    assert is_new
    [entry] = check_in.entries.all()
    assert (entry.value, entry.day, entry.tracker) == (7, check_in.day, tracker)
    assert (CheckIn.objects.get().mood, CheckIn.objects.get().note) == (4, "Woke up twice.")


def test_what_is_sent_twice_counts_once(tracker, own):
    first, _ = sent(tracker, 7, sent_key="one", by=own)
    again, is_new = sent(tracker, 7, sent_key="one", by=own)
    assert (again, is_new) == (first, False)
    assert [entry.value for entry in TrackingEntry.objects.all()] == [7]


@pytest.mark.parametrize("value", [-1, 11, 2.5, float("nan"), float("inf")])
def test_a_wrong_value_keeps_nothing(tracker, own, value):
    with pytest.raises(InvalidInput) as refused:
        sent(tracker, value, mood=5, by=own)
    assert list(refused.value.errors) == [f"values.{tracker.pk}"]
    assert not CheckIn.objects.exists()
    assert not AuditEvent.objects.filter(action="check_in.sent").exists()


def test_nothing_is_sent_for_somebody_else_or_an_ended_tracker(tracker, own):
    other = running_tracker()
    with pytest.raises(Conflict):
        sent(tracker, values={other.pk: 5}, by=own)
    tracker.ended_at = tracker.created_at
    tracker.save()
    with pytest.raises(Conflict):
        sent(tracker, 5, by=own)
    assert not TrackingEntry.objects.exists()


@pytest.mark.parametrize("days", [-1, 7])
def test_only_days_of_the_last_week_can_be_made_up_for(tracker, own, days):
    with pytest.raises(InvalidInput):
        sent(tracker, 5, day=tracker.patient.clinic.today - timedelta(days=days), by=own)


def test_a_week_of_check_ins_is_awarded_once(tracker, own):
    today = tracker.patient.clinic.today
    for days in (6, 5, 4, 3, 2, 1, 0, 0):
        sent(tracker, 5, day=today - timedelta(days=days), by=own)
    assert [(award.kind, award.threshold) for award in Award.objects.all()] == [("streak", 7)]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_are_one():
    tracker = running_tracker()
    new = []

    def send():
        _, is_new = sent(tracker, 6, sent_key="same", by=Actor(user=tracker.patient))
        new.append(is_new)

    assert at_once([send] * 8) == []
    assert sorted(new) == [False] * 7 + [True]
    assert (CheckIn.objects.count(), TrackingEntry.objects.count()) == (1, 1)


def test_something_else_with_a_known_key_is_refused_and_not_lost_in_silence(tracker, own):
    sent(tracker, 7, note="Fine.", sent_key="one", by=own)
    with pytest.raises(Conflict) as refused:
        sent(tracker, 7, note="I am not fine.", sent_key="one", by=own)
    assert refused.value.code == "sent_key_used"


def test_what_is_changed_after_sending_a_page_is_not_thanked_for(tracker, client):
    own = access_to(Actor(user=tracker.patient), tracker.patient, may_write=False)
    secret = create_link(own, "check_in", tracker.patient.pk)
    page = f"/check-in/{secret}"
    assert client.post(page, {"note": "Fine."}).url == "/check-in-sent"
    assert client.post(page, {"note": "Fine."}).url == "/check-in-sent"
    again = client.post(page, {"note": "I am not fine."})
    assert (again.status_code, "This was not sent" in again.text) == (409, True)
    assert [row.note for row in CheckIn.objects.all()] == ["Fine."]


def test_no_more_than_twenty_in_a_day(tracker, own):
    for _ in range(20):
        sent(tracker, 5, by=own)
    with pytest.raises(Conflict):
        sent(tracker, 5, by=own)


def test_many_values_of_one_tracker_leave_the_others_theirs(tracker):
    other = running_tracker(tracker.patient, goal=tracker.goal)
    today = tracker.patient.clinic_day
    rows = [TrackingEntry(tracker=tracker, patient=tracker.patient, day=today, value=5) for _ in range(1_100)]
    TrackingEntry.objects.bulk_create(rows)
    TrackingEntry.objects.create(tracker=other, patient=tracker.patient, day=today - timedelta(days=9), value=3)
    assert [one.newest.value for one in series_of([tracker, other], tracker.patient)] == [5, 3]
