"""A draft that lists lines opens one review, which later drafts add to and never close."""

from datetime import timedelta

import pytest

from accounts.models import Clinic
from sessions_app.models import Extraction, RiskReview, Transcript
from sessions_app.notes.tests.notes import drafted_session
from sessions_app.risk.services import opening
from sessions_app.risk.tests.conftest import RISKY

pytestmark = pytest.mark.django_db


def redraft(session, **flags):
    """The next draft of the session, with other risk flags if some are given."""
    extraction = Extraction.objects.filter(session=session).latest("version")
    extraction.notes = extraction.notes | flags
    with session.locked():
        opening.review_draft(extraction, Transcript.objects.get(session=session))
    return RiskReview.objects.get(session=session)


def test_processing_opens_a_review_that_its_therapist_owns(session, therapist):
    review = RiskReview.objects.get()
    assert (review.session, review.patient, review.owner) == (session, session.patient, therapist)
    assert review.status == "open"
    assert [(hit["type"], hit["severity"], hit["segments"]) for hit in review.seen] == [
        ("suicidal_ideation", "high", [1])
    ]
    assert review.seen[0]["quote"] == "I want to kill myself."
    assert [entry.kind for entry in review.history.all()] == ["opened"]


def test_a_session_without_such_lines_opens_none(therapist, patient):
    drafted_session(therapist, patient)
    assert not RiskReview.objects.exists()


def test_the_same_lines_make_no_second_review_and_no_second_hit(session, review):
    again = redraft(session)
    assert (again.pk, again.revision, len(again.seen)) == (review.pk, 1, 1)


def test_a_draft_that_lists_nothing_closes_nothing(session, review):
    assert redraft(session, risk_flags=[]).status == "open"


def test_new_lines_are_added_and_undo_the_acknowledgement(session, review, therapist):
    review.move_to("acknowledged", acknowledged_at=review.opened_at, acknowledged_by=therapist)
    flag = Extraction.objects.get(session=session).notes["risk_flags"][0]
    other = flag | {"type": "self_harm", "severity": "medium"}
    again = redraft(session, risk_flags=[flag, other])
    assert (again.pk, again.status, again.acknowledged_at) == (review.pk, "open", None)
    assert [hit["type"] for hit in again.seen] == ["suicidal_ideation", "self_harm"]
    assert again.due_at == review.due_at


def test_it_is_due_when_the_practice_says(session, review, therapist, patient):
    assert review.due_at - review.opened_at == timedelta(hours=4)
    Clinic.objects.update(risk_review_hours=48, grave_risk_review_hours=2)
    burden = b"Therapist: How was your week?\nPatient: I feel like a burden.\n"
    for said, hours in ((RISKY, 2), (burden, 48)):
        later = RiskReview.objects.get(session=drafted_session(therapist, patient, said))
        assert later.due_at - later.opened_at == timedelta(hours=hours)
