"""The form in which a therapist edits the patient's summary and shares it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import CareFactory, access_for
from audit.models import AuditEvent
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import PatientSummary, TherapySession
from sessions_app.notes.services.summaries import LEADS_TO_ITEMS, MAX_SUMMARY, approve_summary
from sessions_app.processing.services.control import redraft_notes
from sessions_app.services.transcripts import create_with_transcript

pytestmark = pytest.mark.django_db
SAID = (
    b"Therapist: How did you sleep?\nPatient: Badly.\n"
    b"Therapist: Would you try the breathing exercise every evening?\nPatient: Yes, I will.\n"
)


@pytest.fixture
def session(therapist: User, patient: User) -> TherapySession:
    """Drafted from a transcript; its summary waits to be shared."""
    return work_off(create_with_transcript(access_for(therapist, patient), WHEN, SAID, "talk.txt"))


def share(browser: Client, session: TherapySession, **fields: str) -> Any:
    return browser.post(f"{session.get_absolute_url()}/summary", fields)


def test_what_is_shared_leads_back_to_the_session(browser: Client, session: TherapySession) -> None:
    answer = share(browser, session, text="You slept badly.")
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{session.get_absolute_url()}?show=patient#patient-summary",
    )
    assert PatientSummary.objects.get().text == "You slept badly."


def test_an_empty_box_says_how_to_write_the_text(browser: Client, therapist: User, patient: User) -> None:
    session = work_off(
        create_with_transcript(access_for(therapist, patient), WHEN, b"Patient: Hm, well.\n", "talk.txt")
    )
    page = browser.get(session.get_absolute_url()).content.decode()
    assert "Nothing was drafted" in page
    assert "what you agreed to try" in page
    assert re.search(r"<textarea[^>]*>\s*</textarea>", page)


def test_a_drafted_text_needs_no_guidance(browser: Client, session: TherapySession) -> None:
    page = browser.get(session.get_absolute_url()).content.decode()
    assert "Nothing was drafted" not in page
    assert f"{LEADS_TO_ITEMS}</textarea>" in page, "the only thing agreed stands under the text, not in it"


def test_a_text_that_leads_to_steps_is_not_shared_without_one(browser: Client, session: TherapySession) -> None:
    assert share(browser, session, text=LEADS_TO_ITEMS).status_code == 422
    item = session.action_items.get()
    assert share(browser, session, text=LEADS_TO_ITEMS, items=str(item.pk)).status_code == 302


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
        assert "There is no summary to share yet." in answer.content.decode()
        assert "You slept badly.</textarea>" in answer.content.decode()
        PatientSummary.objects.all().delete()


def test_a_line_break_counts_as_the_browser_counts_it(browser: Client, session: TherapySession) -> None:
    assert f'maxlength="{MAX_SUMMARY}"' in browser.get(session.get_absolute_url()).content.decode()
    lines = "\r\n".join(["x" * 49] * 100)  # 4,999 characters in the browser, sent as 5,098
    assert share(browser, session, text=lines).status_code == 302
    assert PatientSummary.objects.get().text == lines.replace("\r\n", "\n")


def version_in(page: str) -> str:
    (found,) = set(re.findall(r'name="version" value="([^"]+)"', page))
    return str(found)


def opened(browser: Client, session: TherapySession) -> str:
    """Open the page; the version that its form carries."""
    return version_in(browser.get(session.get_absolute_url()).content.decode())


def test_a_stale_page_overwrites_nothing_that_a_colleague_shared(
    browser: Client, client_for: Callable[[User], Client], session: TherapySession, other_therapist: User
) -> None:
    CareFactory(therapist=other_therapist, patient=session.patient)
    colleague = client_for(other_therapist)
    mine, theirs = opened(browser, session), opened(colleague, session)
    assert share(colleague, session, text="You slept badly.", version=theirs).status_code == 302

    answer = share(browser, session, text="You will try to breathe.", version=mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The summary has changed since you read it." in page
    assert f"{other_therapist.full_name} shared this text" in page
    assert page.count("<p>You slept badly.</p>") == 1, "the text that stands"
    assert "You will try to breathe.</textarea>" in page
    assert PatientSummary.objects.get().text == "You slept badly."

    assert share(browser, session, text="You will try to breathe.", version=version_in(page)).status_code == 302
    assert PatientSummary.objects.get().text == "You will try to breathe."


def test_a_new_draft_is_shown_to_whoever_read_the_one_before(
    browser: Client, session: TherapySession, therapist: User
) -> None:
    before = opened(browser, session)
    redraft_notes(session, access=access_for(therapist, session.patient))
    work_off(session)
    answer = share(browser, session, text="You slept badly.", version=before)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A redraft replaced the text" in page
    assert f"<p>{PatientSummary.objects.get().text}</p>" in page
    assert PatientSummary.objects.get().approved_at is None


def test_a_text_that_is_too_long_keeps_the_version_that_was_read(
    browser: Client, session: TherapySession, therapist: User
) -> None:
    before = opened(browser, session)
    approve_summary(session, "You slept badly.", access=access_for(therapist, session.patient))
    page = share(browser, session, text="x" * 5001, version=before).content.decode()
    assert "shared this text" in page, "or the next attempt would overwrite it unseen"


def test_the_api_shares_the_version_that_was_read(
    api_for: Callable[[User], APIClient], therapist: User, session: TherapySession
) -> None:
    api, url = api_for(therapist), f"/api/v1/sessions/{session.pk}"
    read = api.get(f"{url}/notes").json()["patient_summary"]["version"]
    redraft_notes(session, access=access_for(therapist, session.patient))
    work_off(session)
    answer = api.post(f"{url}/approve-summary", {"version": read}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "summary_changed")
    assert PatientSummary.objects.get().approved_at is None

    read = api.get(f"{url}/notes").json()["patient_summary"]["version"]
    items = [str(item.pk) for item in session.action_items.all()]
    shared = api.post(f"{url}/approve-summary", {"version": read, "items": items}, format="json")
    assert (shared.status_code, shared.json()["version"] > read) == (200, True)
    assert api.post(f"{url}/approve-summary", {"items": items}, format="json").status_code == 200, "without one"
