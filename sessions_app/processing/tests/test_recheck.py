"""A draft is checked again when it turns out that somebody else said the lines it cites."""

from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import ConsentFactory, access_for
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import Extraction, PatientSummary, ProcessingJob, StatementReview, TherapySession
from sessions_app.notes.services.decisions import decide_statement
from sessions_app.services import speakers
from sessions_app.services.transcripts import create_with_transcript
from sessions_app.signals import stage_reached

pytestmark = pytest.mark.django_db
SAID = b"""Therapist: How have you slept since last week?
Patient: I lie awake every night because I worry about my mother and the money.
Therapist: For next week, write down one worry each evening before you go to bed.
Patient: All right, I will write one down every evening.
"""


@pytest.fixture
def session(therapist: User, patient: User) -> TherapySession:
    return work_off(create_with_transcript(access_for(therapist, patient), WHEN, SAID, "talk.txt"))


def quotes(session: TherapySession) -> list[str]:
    return [item["quote"] for item in Extraction.objects.get(session=session).notes["significant_quotes"]]


def test_what_the_therapist_said_is_no_longer_quoted_as_the_patients(session: TherapySession, therapist: User) -> None:
    before = Extraction.objects.get(session=session)
    assert any("I lie awake" in quote for quote in quotes(session))
    speakers.swap_speakers(session, access=access_for(therapist, session.patient))
    checked = work_off(session)
    after = Extraction.objects.get(session=session)
    assert (checked.status, after.version, set(checked.job.timings) >= {"recheck"}) == ("processed", 1, True)
    assert not any("I lie awake" in quote for quote in quotes(session))
    assert after.refused > before.refused
    assert sum(after.refused_reasons.values()) == after.refused
    assert {item["speaker"] for item in after.notes["risk_flags"]} <= {"therapist"}


def test_until_it_is_checked_again_the_page_says_so(session: TherapySession, therapist: User, client_for: Any) -> None:
    outdated, browser = "The transcript was corrected after this check.", client_for(therapist)
    assert outdated not in browser.get(session.get_absolute_url()).content.decode()
    speakers.swap_speakers(session, access=access_for(therapist, session.patient))
    page = browser.get(session.get_absolute_url()).content.decode()
    assert outdated in page
    assert "The draft is being checked again." in page
    work_off(session)
    assert outdated not in browser.get(session.get_absolute_url()).content.decode()


def test_a_check_that_fails_is_not_called_a_new_draft(
    session: TherapySession, therapist: User, client_for: Any
) -> None:
    speakers.swap_speakers(session, access=access_for(therapist, session.patient))
    ConsentFactory(patient=session.patient, consent_type="ai_processing", status="revoked")
    failed = work_off(session)
    page = client_for(therapist).get(failed.get_absolute_url()).content.decode()
    assert (failed.status, failed.job.failed_stage) == ("processed", "recheck")
    assert "The draft could not be checked again." in page
    assert "Redraft the note to have it checked again." in page


def test_one_line_given_to_somebody_else_costs_only_its_statements(session: TherapySession, therapist: User) -> None:
    tasks = Extraction.objects.get(session=session).notes["action_items"]
    speakers.reassign_lines(session, [1], "other", access=access_for(therapist, session.patient))
    work_off(session)
    assert not any("I lie awake" in quote for quote in quotes(session))
    assert Extraction.objects.get(session=session).notes["action_items"] == tasks


def test_nothing_changes_where_nothing_depends_on_it(session: TherapySession, therapist: User) -> None:
    before = Extraction.objects.get(session=session)
    voices = {"Therapist": "Dr W.", "Patient": "J."}
    access = access_for(therapist, session.patient)
    speakers.identify_speakers(session, {"Therapist": "therapist", "Patient": "patient"}, voices, access=access)
    work_off(session)
    after = Extraction.objects.get(session=session)
    assert (after.notes, after.supported, after.to_check, after.refused) == (
        before.notes,
        before.supported,
        before.to_check,
        before.refused,
    )


def test_a_kept_sentence_stays_the_therapists_own(session: TherapySession, therapist: User) -> None:
    extraction, access = Extraction.objects.get(session=session), access_for(therapist, session.patient)
    own = {"state": "check", "reason": "content", "evidence": {"segments": [1], "quote": "I lie awake every night"}}
    extraction.notes["significant_quotes"] = [
        own | {"id": "significant_quotes-7", "quote": "I lie awake every night", "context": "", "start": None}
    ]
    extraction.save()
    decide_statement(session, "significant_quotes-7", "kept", 1, access=access)
    speakers.swap_speakers(session, access=access)
    work_off(session)
    assert quotes(session) == ["I lie awake every night"]
    assert StatementReview.objects.get().statement == "significant_quotes-7"


def test_a_text_that_a_person_wrote_for_the_patient_is_left_alone(session: TherapySession, therapist: User) -> None:
    PatientSummary.objects.filter(session=session).update(is_edited=True)
    text = PatientSummary.objects.get(session=session).text
    speakers.swap_speakers(session, access=access_for(therapist, session.patient))
    work_off(session)
    assert PatientSummary.objects.get(session=session).text == text


def test_a_correction_during_the_draft_is_checked_at_its_end(therapist: User, patient: User) -> None:
    access = access_for(therapist, patient)
    session = create_with_transcript(access, WHEN, SAID, "talk.txt")

    def correct(job: ProcessingJob, stage: str, moment: str, **kwargs: Any) -> None:
        if (stage, moment) == ("extract", "worked"):
            speakers.swap_speakers(TherapySession.objects.get(pk=session.pk), access=access)

    stage_reached.connect(correct)
    try:
        done = work_off(session)
    finally:
        stage_reached.disconnect(correct)
    assert (done.status, "recheck" in done.job.timings) == ("processed", True)
    assert not any("I lie awake" in quote for quote in quotes(session))
