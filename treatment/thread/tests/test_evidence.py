"""The words of sessions that speak to a goal."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from sessions_app.models import Extraction, StatementReview
from sessions_app.pipeline.drafting.schema import empty_notes
from treatment.goals.models import Goal
from treatment.goals.tests.factories import make_goal
from treatment.plans.models import TreatmentPlan
from treatment.thread.contexts.evidence import evidence_of
from treatment.thread.models import GoalLink
from treatment.thread.tests.test_gaps import signed_note

pytestmark = pytest.mark.django_db


def said(goal: Goal, therapist: User, *quotes: tuple[str, str], version: int = 1, days_ago: int = 3) -> Extraction:
    """A note that serves the goal, on a session whose draft cites these words in these states."""
    note = signed_note(goal.patient, therapist, days_ago)
    GoalLink.objects.create(note=note, goal=goal, patient=goal.patient)
    notes = empty_notes().model_dump(mode="json")
    notes["key_topics"] = [
        {"id": f"key_topics-{at}", "topic": "bus", "state": state, "evidence": {"segments": [at], "quote": text}}
        for at, (text, state) in enumerate(quotes)
    ]
    return Extraction.objects.create(
        session=note.session, version=version, engine="test", input_hash="0" * 64, notes=notes
    )


def texts(goal: Goal, most: int = 9) -> list[str]:
    return [quote.text for quote in evidence_of([goal], quotes=most)[goal.pk].quotes]


def test_only_what_is_supported_or_was_kept_is_quoted(therapist: User, goal: Goal) -> None:
    states = ("supported", "check", "check", "supported")
    said_so = zip(("I rode alone.", "Took it alone.", "Was alone.", "Never alone."), states, strict=True)
    draft = said(goal, therapist, *said_so)
    assert texts(goal) == ["I rode alone.", "Never alone."]
    for at, decision in ((1, "kept"), (2, "deleted"), (3, "deleted")):
        decided = {"statement": f"key_topics-{at}", "decision": decision, "decided_by": therapist}
        StatementReview.objects.create(extraction=draft, **decided)
    assert texts(goal) == ["I rode alone.", "Took it alone."]


def test_words_that_come_closest_to_the_goal_come_first_and_lead_to_their_line(therapist: User, goal: Goal) -> None:
    said(
        goal,
        therapist,
        ("It rained.", "supported"),
        ("I went alone.", "supported"),
        ("Alone, by bus: I take it.", "supported"),
    )
    quotes = evidence_of([goal])[goal.pk].quotes
    assert [quote.text for quote in quotes] == ["Alone, by bus: I take it.", "I went alone."]
    assert quotes[0].url.endswith("#segment-2")


def test_what_the_therapist_set_or_led_is_not_quoted(therapist: User, goal: Goal) -> None:
    draft = said(goal, therapist)
    cited = {"state": "supported", "evidence": {"segments": [0], "quote": "Will you ride alone?"}}
    draft.notes["action_items"] = [{"id": "action_items-0", "task": "Ride alone", **cited}]
    draft.notes["techniques"] = [{"id": "techniques-0", "name": "Exposure", **cited}]
    draft.save()
    assert texts(goal) == []


def test_the_latest_draft_alone_is_quoted(therapist: User, goal: Goal) -> None:
    first = said(goal, therapist, ("I rode alone.", "supported"))
    notes = empty_notes().model_dump(mode="json")
    Extraction.objects.create(session=first.session, version=2, engine="test", input_hash="1" * 64, notes=notes)
    assert texts(goal) == []


def test_each_note_is_quoted_before_one_is_quoted_twice_the_latest_first(therapist: User, goal: Goal) -> None:
    said(goal, therapist, ("I took it alone in May.", "supported"), days_ago=30)
    said(goal, therapist, ("It rained.", "supported"), days_ago=10)
    said(goal, therapist, ("I went alone.", "supported"), ("Alone, by bus: I take it.", "supported"), days_ago=3)
    assert texts(goal, 2) == ["Alone, by bus: I take it.", "I took it alone in May."]
    assert texts(goal, 9) == ["Alone, by bus: I take it.", "I went alone.", "I took it alone in May."]


def test_words_of_no_goal_are_quoted_of_the_latest_note_alone(therapist: User, goal: Goal) -> None:
    said(goal, therapist, ("Old words.", "supported"), days_ago=30)
    said(goal, therapist, ("It rained.", "supported"), ("It snowed.", "supported"))
    assert texts(goal, 9) == ["It rained."]


def test_only_notes_of_a_period_are_counted_and_quoted(therapist: User, goal: Goal) -> None:
    for days_ago in (3, 10, 11, 12, 30):
        said(goal, therapist, (f"Alone, {days_ago} days ago.", "supported"), days_ago=days_ago)
    now = timezone.now()
    found = evidence_of([goal], notes=2, quotes=9, between=(now - timedelta(days=20), now - timedelta(days=5)))[goal.pk]
    assert (found.count, len(found.notes)) == (3, 2)
    assert [quote.text for quote in found.quotes] == ["Alone, 10 days ago.", "Alone, 11 days ago."]


def test_many_goals_need_no_more_queries_than_one(therapist: User, plan: TreatmentPlan, goal: Goal) -> None:
    said(goal, therapist, ("I rode alone.", "supported"))
    with CaptureQueriesContext(connection) as one:
        evidence_of([goal])
    goals = [goal, *(make_goal(plan) for _ in range(5))]
    for other in goals[1:]:
        for days_ago in (3, 9):
            said(other, therapist, ("I rode alone.", "supported"), days_ago=days_ago)
    with CaptureQueriesContext(connection) as many:
        assert all(found.quotes for found in evidence_of(goals).values())
    assert len(many) == len(one)
