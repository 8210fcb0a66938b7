"""Sessions on the timeline: recorded once, kept up to date, repaired after a crash."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.tests.threads import at_once
from sessions_app.models import TherapySession
from sessions_app.signals import session_processed
from timeline.models import TimelineCount, TimelineEvent
from timeline.services import session_events
from timeline.services.derived_events import DerivedEvent, record_event, withdraw_events
from timeline.services.session_events import reconcile_sessions
from timeline.tasks import reconcile
from timeline.tests.factories import START, approve, draft_notes, draft_summary, make_session

pytestmark = pytest.mark.django_db


def processed(session):
    session_processed.send(TherapySession, session=session)
    return TimelineEvent.objects.get(related_entity_id=session.pk)


def counted():
    return {(row.event_type, row.is_private): row.count for row in TimelineCount.objects.exclude(count=0)}


def some_event(patient, **fields):
    key = {"related_entity_type": "session", "related_entity_id": uuid4(), "event_type": "session"}
    content = {"patient_id": patient.pk, "therapist_id": None, "event_date": START, "title": "Session #1"}
    return DerivedEvent(**key | content | fields)


def test_a_processed_session_becomes_one_public_event(therapist, patient):
    session = make_session(patient, therapist)
    processed(session)
    event = processed(session)
    assert (event.title, event.event_date) == ("Session #1", START)
    assert (event.is_private, event.importance, event.therapist) == (False, "normal", therapist)
    assert counted() == {("session", False): 1}


def test_nothing_of_a_session_is_copied_into_its_event(therapist, patient):
    session = make_session(patient, therapist)
    draft_notes(session, topic="sleep", task="walk")
    approve(draft_summary(session, "You spoke about sleep."))
    event = processed(session)
    assert event.description == ""
    assert event.metadata == {"session_id": str(session.pk), "duration_seconds": 3000.0}


def test_every_tenth_session_is_a_milestone(therapist, patient):
    for day in range(11):
        make_session(patient, therapist, day=day)
    reconcile_sessions()
    milestones = TimelineEvent.objects.filter(importance="milestone")
    assert [event.title for event in milestones] == ["Session #10"]


def test_an_earlier_session_renumbers_the_titles(therapist, patient, django_capture_on_commit_callbacks):
    for day in (3, 5):
        processed(make_session(patient, therapist, day=day))
    with django_capture_on_commit_callbacks(execute=True):
        make_session(patient, therapist, day=1)
    titles = TimelineEvent.objects.live().order_by("event_date").values_list("title", flat=True)
    assert list(titles) == ["Session #1", "Session #2", "Session #3"]


@pytest.mark.parametrize("gone", [{"status": "failed"}, {"deleted_at": START}])
def test_the_event_of_a_session_that_is_gone_is_withdrawn_and_comes_back(
    therapist, patient, gone, django_capture_on_commit_callbacks
):
    session, kept = make_session(patient, therapist), make_session(patient, therapist, day=1)
    for one in (session, kept):
        processed(one)
    rows = TherapySession.objects.filter(pk=session.pk)
    rows.update(**gone)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        TherapySession.objects.renumber(patient.pk)
    assert [event.title for event in TimelineEvent.objects.live()] == ["Session #1"]
    assert counted() == {("session", False): 1}
    rows.update(status="processed", deleted_at=None)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        TherapySession.objects.renumber(patient.pk)
    titles = [event.title for event in TimelineEvent.objects.live().order_by("event_date")]
    assert titles == ["Session #1", "Session #2"]
    assert counted() == {("session", False): 2}
    assert TimelineEvent.objects.count() == 2


@pytest.mark.parametrize("status", ["pending", "transcribing", "extracting_notes", "failed"])
def test_a_session_that_was_never_processed_has_no_event(therapist, patient, status):
    session = make_session(patient, therapist, status=status)
    session_processed.send(TherapySession, session=session)
    assert (reconcile_sessions(), TimelineEvent.objects.count()) == (0, 0)


def test_drafting_again_keeps_the_event(therapist, patient):
    session = make_session(patient, therapist)
    processed(session)
    TherapySession.objects.update(status="extracting_notes")
    session_events.refresh_session_event(session.pk, patient.pk)
    reconcile_sessions()
    assert TimelineEvent.objects.live().count() == 1


def test_reconcile_adds_what_a_crash_left_out_once(therapist, patient, monkeypatch):
    monkeypatch.setattr(session_events, "BATCH", 2)
    for day in range(5):
        make_session(patient, therapist, day=day)
    assert (reconcile(), reconcile()) == (5, 0)
    assert TimelineEvent.objects.count() == 5
    assert counted() == {("session", False): 5}


def test_reconcile_rewrites_what_is_out_of_date(therapist, patient):
    first, _ = (make_session(patient, therapist, day=day) for day in (0, 1))
    reconcile()
    TimelineEvent.objects.filter(related_entity_id=first.pk).update(title="Session #9", importance="milestone")
    assert (reconcile(), reconcile()) == (1, 0)
    shown = TimelineEvent.objects.order_by("event_date").values_list("title", "importance")
    assert list(shown) == [("Session #1", "normal"), ("Session #2", "normal")]


def test_the_command_says_how_much_it_repaired(therapist, patient):
    make_session(patient, therapist)
    out = StringIO()
    call_command("reconcile_timeline", stdout=out)
    assert out.getvalue() == "Sessions repaired: 1\nNotes repaired: 0\nEvents of treatment repaired: 0\n"


def test_the_same_fact_is_recorded_and_counted_once(patient):
    derived = some_event(patient)
    assert record_event(derived) == record_event(derived)
    assert counted() == {("session", False): 1}


def test_a_withdrawn_event_is_counted_out_once_and_in_again(patient):
    derived = some_event(patient)
    event = record_event(derived)
    for _ in range(2):
        withdraw_events("session", derived.related_entity_id)
    assert counted() == {}
    assert record_event(derived) == event
    assert counted() == {("session", False): 1}


def test_subtypes_are_facts_of_their_own(patient):
    key = uuid4()
    for subtype in ("", "reviewed"):
        record_event(some_event(patient, related_entity_id=key, event_subtype=subtype))
    assert TimelineEvent.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"event_type": "party"},
        {"importance": "huge"},
        {"title": ""},
        {"related_entity_type": ""},
        {"related_entity_id": None},
    ],
)
def test_the_database_refuses_what_no_event_is(patient, wrong):
    fields = {"related_entity_type": "session", "related_entity_id": uuid4(), "event_type": "session"}
    content = {"patient": patient, "event_date": START, "title": "Session #1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        TimelineEvent.objects.create(**fields | content | wrong)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [1, 2])
def test_eight_at_once_record_and_count_one_event(patient, times):
    derived = some_event(patient)
    assert at_once([lambda: [record_event(derived) for _ in range(times)]] * 8) == []
    assert TimelineEvent.objects.count() == 1
    assert counted() == {("session", False): 1}


@pytest.mark.django_db(transaction=True)
def test_renumbering_and_refreshing_at_once_do_not_wait_for_each_other(therapist, patient):
    sessions = [make_session(patient, therapist, day=day) for day in range(4)]

    def refresh(session):
        return lambda: session_events.refresh_session_event(session.pk, patient.pk)

    def renumber(session):
        def act():
            with patient.locked():
                TherapySession.objects.filter(pk=session.pk).update(number=None)
                TherapySession.objects.renumber(patient.pk)

        return act

    assert at_once([make(session) for session in sessions for make in (refresh, renumber)]) == []
    reconcile_sessions()
    titles = TimelineEvent.objects.live().order_by("event_date").values_list("title", flat=True)
    assert list(titles) == [f"Session #{number}" for number in range(1, 5)]
