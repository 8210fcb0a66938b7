"""A review stays in somebody's sight whatever happens to its session, its patient and the people around it."""

import pytest
import time_machine
from django.utils import timezone

from accounts.care.services.relations import end_relation
from accounts.consent.services.decisions import record_consent
from accounts.identity.services.staff import deactivate_user
from accounts.models import TherapistPatient, User
from accounts.tests.factories import AdminFactory, CareFactory, TherapistFactory, access_for
from sessions_app.conftest import work_off
from sessions_app.models import Extraction, RiskReview, TherapySession, Transcript
from sessions_app.notes.services import removal
from sessions_app.notes.tasks import purge_deleted_notes
from sessions_app.notes.tests.notes import access_of, begin, drafted_session, sign
from sessions_app.risk.services.opening import review_draft
from therapybridge.core.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(patient):
    """Somebody else who treats the patient."""
    person = TherapistFactory(clinic=patient.clinic)
    CareFactory(therapist=person, patient=patient)
    return person


@pytest.fixture
def is_shown(client_for, review):
    """Whether the review is on a therapist's Today."""
    return lambda person: f'href="{review.get_absolute_url()}"' in client_for(person).get("/today").text


def is_open(review):
    review.refresh_from_db()
    return review.status == "open"


def test_the_account_of_its_owner_is_closed(review, therapist, colleague, is_shown):
    assert (is_shown(therapist), is_shown(colleague)) == (True, False)
    deactivate_user(therapist, by=Actor(user=AdminFactory(clinic=therapist.clinic)))
    assert is_shown(colleague)
    assert is_open(review)


def test_its_owner_stops_treating_the_patient(review, therapist, patient, colleague, is_shown):
    relation = TherapistPatient.objects.get(therapist=therapist, patient=patient)
    end_relation(relation, by=Actor(user=AdminFactory(clinic=therapist.clinic)))
    assert (is_shown(therapist), is_shown(colleague)) == (False, True)
    assert is_open(review)


def test_whoever_is_assigned_after_everybody_left_finds_it(review, therapist, patient, is_shown):
    User.objects.filter(pk=therapist.pk).update(is_active=False)
    successor = TherapistFactory(clinic=patient.clinic)
    assert not is_shown(successor)
    CareFactory(therapist=successor, patient=patient)
    assert is_shown(successor)


def test_the_account_of_the_patient_is_closed(review, therapist, patient, is_shown):
    User.objects.filter(pk=patient.pk).update(is_active=False)
    assert is_shown(therapist)
    assert is_open(review)


def test_consent_is_withdrawn_and_no_redraft_is_possible(review, browser, session, therapist, patient, is_shown):
    record_consent(access_for(therapist, patient), ["recording", "ai_processing"], "revoked", "verbal")
    browser.post(f"/sessions/{session.pk}/draft")
    assert Extraction.objects.filter(session=session).count() == 1
    assert is_shown(therapist)
    assert is_open(review)


def test_its_session_is_deleted(review, browser, session, therapist, is_shown):
    TherapySession.objects.filter(pk=session.pk).update(deleted_at=timezone.now())
    assert is_shown(therapist)
    page = browser.get(review.get_absolute_url())
    assert page.status_code == 200
    assert f"{session.get_absolute_url()}#" not in page.text  # there is no such page any more
    assert is_open(review)


def test_the_note_of_its_session_is_deleted_and_erased(review, session, therapist, is_shown):
    note = begin(session)
    removal.delete_note(note, "Written twice.", access=access_of(session))
    with time_machine.travel(timezone.now() + removal.RESTORABLE * 2, tick=False):
        purge_deleted_notes()
    assert is_shown(therapist)
    assert is_open(review)


def test_the_note_of_its_session_is_signed(review, session, therapist, is_shown):
    sign(begin(session))
    assert is_shown(therapist)
    assert is_open(review)


def test_the_line_is_given_to_somebody_else_and_is_not_listed_any_more(review, browser, session, therapist, is_shown):
    browser.post(f"/sessions/{session.pk}/speakers/line", {"line": 1, "speaker": "therapist"})
    work_off(session)
    assert Transcript.objects.get(session=session).lines[1].speaker == "therapist"
    extraction = Extraction.objects.get(session=session)
    extraction.notes = extraction.notes | {"risk_flags": []}
    extraction.save()
    assert is_shown(therapist)
    page = browser.get(review.get_absolute_url()).text
    assert "I want to kill myself." in page
    assert f'href="{session.get_absolute_url()}#segment-1"' in page
    assert is_open(review)


def test_two_phrases_in_one_line_are_both_shown_and_count_once(therapist, patient, browser):
    said = b"Therapist: How was it?\nPatient: I want to kill myself. I have been saving up my pills.\n"
    review = RiskReview.objects.get(session=drafted_session(therapist, patient, said))
    page = browser.get(review.get_absolute_url())
    assert [hit["quote"] for hit in page.context["hits"]] == [
        "I want to kill myself.",
        "I have been saving up my pills.",
    ]
    browser.post(f"/sessions/{review.session_id}/draft")
    work_off(review.session)
    review.refresh_from_db()
    assert (len(review.seen), review.revision) == (2, 1)


def test_new_lines_reach_people_again_after_all_were_written_to(review, session):
    review.move_to("open", escalate_at=None)
    extraction = Extraction.objects.get(session=session)
    flag = extraction.notes["risk_flags"][0]
    extraction.notes = extraction.notes | {"risk_flags": [flag, flag | {"type": "self_harm"}]}
    with session.locked():
        review_draft(extraction, Transcript.objects.get(session=session))
    review.refresh_from_db()
    assert review.escalate_at is not None
    assert review.escalate_at != review.due_at
