"""A second pass that failed is tried again later, and the page says what happened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from accounts.models import User
from accounts.tests.factories import ConsentFactory, access_for
from sessions_app.conftest import WHEN, work_off
from sessions_app.management.ai_stub.server import Stub
from sessions_app.models import Extraction, TherapySession
from sessions_app.notes.services.decisions import decide_statement
from sessions_app.notes.services.statements import statements
from sessions_app.processing.services.second_passes import PAUSES
from sessions_app.processing.tasks import wake_stalled_jobs
from sessions_app.services.transcripts import create_with_transcript

pytestmark = pytest.mark.django_db(transaction=True)
SAID = b"""Therapist: How have you slept since last week?
Patient: I lie awake every night because I worry about my mother and the money.
Therapist: For next week, write down one worry each evening before you go to bed.
Patient: All right, I will write one down every evening.
"""
WORKS, FAILS = "stub-llm", "stub-no-second-pass"


@pytest.fixture
def stub(use_models: Callable[..., Stub]) -> Stub:
    return use_models(chat=FAILS)


@pytest.fixture
def session(stub: Stub, therapist: User, patient: User) -> TherapySession:
    return work_off(create_with_transcript(access_for(therapist, patient), WHEN, SAID, "talk.txt"))


def failed(session: TherapySession) -> list[dict[str, Any]]:
    notes = Extraction.objects.filter(session=session).latest("version").notes
    return [item for _, item in statements(notes) if item["reason"] == "second_pass_failed"]


def sweep(session: TherapySession) -> TherapySession:
    """Let the longest pause pass, and work off what is due then."""
    Extraction.objects.exclude(second_pass_at=None).update(second_pass_at=F("second_pass_at") - timedelta(days=1))
    wake_stalled_jobs()
    return work_off(session)


def page(browser: Any, session: TherapySession) -> str:
    return " ".join(browser.get(session.get_absolute_url()).content.decode().split())


def test_statements_stay_to_check_until_the_model_answers_again(
    session: TherapySession, stub: Stub, settings: Any
) -> None:
    before = Extraction.objects.get(session=session)
    assert failed(session)
    assert (session.status, before.second_pass_failures) == ("processed", 1)
    calls = len(stub.calls())
    wake_stalled_jobs()
    work_off(session)
    assert len(stub.calls()) == calls
    settings.LLM_MODEL = WORKS
    done = sweep(session)
    after = Extraction.objects.get(session=session)
    assert (done.status, done.job.stage, after.version) == ("processed", "done", 1)
    assert failed(session) == []
    assert after.supported > before.supported
    assert after.prompt_tokens > before.prompt_tokens
    assert (after.second_pass_failures, after.second_pass_at) == (1, None)


def test_it_is_tried_a_few_times_and_then_no_more(session: TherapySession, stub: Stub) -> None:
    for _ in PAUSES:
        sweep(session)
    last = Extraction.objects.get(session=session)
    assert (last.second_pass_failures, last.second_pass_at) == (len(PAUSES) + 1, None)
    calls = len(stub.calls())
    sweep(session)
    assert len(stub.calls()) == calls
    assert failed(session)


def test_the_page_says_what_happened(
    session: TherapySession, stub: Stub, client_for: Any, therapist: User, settings: Any
) -> None:
    browser = client_for(therapist)
    assert "The second look by the model failed, so" in page(browser, session)
    assert "It is tried again" in page(browser, session)
    for _ in PAUSES:
        sweep(session)
    assert "failed 4 times" in page(browser, session)
    assert "It is not tried again" in page(browser, session)
    Extraction.objects.update(second_pass_at=WHEN)
    settings.LLM_MODEL = WORKS
    sweep(session)
    assert "The second look by the model failed" not in page(browser, session)


def test_a_decision_that_a_therapist_took_meanwhile_stays(
    session: TherapySession, therapist: User, settings: Any
) -> None:
    kept = failed(session)[0]["id"]
    decide_statement(session, kept, "kept", 1, access=access_for(therapist, session.patient))
    settings.LLM_MODEL = WORKS
    sweep(session)
    assert [item["id"] for item in failed(session)] in ([], [kept])
    assert Extraction.objects.get().reviews.get().statement == kept


def test_nothing_is_sent_once_the_consent_is_withdrawn(session: TherapySession, stub: Stub) -> None:
    ConsentFactory(patient=session.patient, consent_type="ai_processing", status="revoked")
    calls = len(stub.calls())
    after = sweep(session)
    assert (after.status, after.job.failed_stage, len(stub.calls())) == ("processed", "recheck", calls)


def test_an_earlier_draft_is_not_asked_about_again(session: TherapySession, stub: Stub) -> None:
    first = Extraction.objects.get()
    Extraction(session=session, version=2, engine="builtin", input_hash=first.input_hash, notes=first.notes).save()
    calls = len(stub.calls())
    sweep(session)
    first.refresh_from_db()
    assert (first.second_pass_at, len(stub.calls())) == (None, calls)
