"""The form in which a therapist edits the patient's summary and shares it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import PatientSummary, TherapySession
from sessions_app.notes.services import MAX_SUMMARY
from sessions_app.services.transcripts import create_with_transcript

pytestmark = pytest.mark.django_db
SAID = b"Therapist: How did you sleep?\nPatient: Badly. I will try the breathing exercise.\n"


@pytest.fixture
def session(therapist: User, patient: User) -> TherapySession:
    """Drafted from a transcript; its summary waits to be shared."""
    return work_off(create_with_transcript(access_for(therapist, patient), WHEN, SAID, "talk.txt"))


@pytest.fixture
def browser(client_for: Callable[[User], Client], therapist: User) -> Client:
    return client_for(therapist)


def share(browser: Client, session: TherapySession, **fields: str) -> Any:
    return browser.post(f"{session.get_absolute_url()}/summary", fields)


def test_what_is_shared_leads_back_to_the_session(browser: Client, session: TherapySession) -> None:
    answer = share(browser, session, text="You slept badly.")
    assert (answer.status_code, answer["Location"]) == (302, f"{session.get_absolute_url()}#patient-summary")
    assert PatientSummary.objects.get().text == "You slept badly."


def test_a_text_that_is_too_long_comes_back_beside_the_error(browser: Client, session: TherapySession) -> None:
    text = "We spoke about sleep. " * 250
    answer = share(browser, session, text=text)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"at most {MAX_SUMMARY} characters" in page
    assert text in page
    assert "How did you sleep?" in page, "the rest of the session's page"
    assert PatientSummary.objects.get().approved_at is None
    assert AuditEvent.objects.filter(action="session.read", target_id=session.pk).count() == 1


def test_a_text_comes_back_when_there_is_nothing_to_approve(browser: Client, session: TherapySession) -> None:
    TherapySession.objects.filter(pk=session.pk).update(processed_at=None)
    for _ in range(2):
        answer = share(browser, session, text="You slept badly.")
        assert answer.status_code == 422
        assert "There is no summary to approve yet." in answer.content.decode()
        assert "You slept badly.</textarea>" in answer.content.decode()
        PatientSummary.objects.all().delete()


def test_a_line_break_counts_as_the_browser_counts_it(browser: Client, session: TherapySession) -> None:
    assert f'maxlength="{MAX_SUMMARY}"' in browser.get(session.get_absolute_url()).content.decode()
    lines = "\r\n".join(["x" * 49] * 100)  # 4,999 characters in the browser, sent as 5,098
    assert share(browser, session, text=lines).status_code == 302
    assert PatientSummary.objects.get().text == lines.replace("\r\n", "\n")
