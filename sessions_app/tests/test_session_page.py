"""The session's page: tabs, status, an empty text for the patient, and what it costs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.action_items.services.drafted import follow_draft
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import (
    ActionItem,
    Extraction,
    PatientSummary,
    ProcessingJob,
    Recording,
    RiskReview,
    SessionNote,
    TherapySession,
)
from sessions_app.services import sessions
from sessions_app.services.transcripts import create_with_transcript

pytestmark = pytest.mark.django_db
SAID = (
    "Therapist: How did you sleep?\nPatient: Badly, and I worried about work.\n"
    "Therapist: For next week, please write down one worry every evening.\nPatient: All right, I will write one down.\n"
)
RISKY = SAID + "Therapist: Good.\nPatient: Sometimes I think about killing myself.\n"


@pytest.fixture
def browser(client_for: Callable[[User], Client], therapist: User) -> Client:
    """The therapist's."""
    return client_for(therapist)


def drafted(therapist: User, patient: User, said: str = SAID) -> TherapySession:
    return work_off(create_with_transcript(access_for(therapist, patient), WHEN, said.encode(), "talk.txt"))


def page_of(browser: Client, session: TherapySession, query: str = "") -> str:
    return browser.get(session.get_absolute_url() + query).content.decode()


def shown(page: str) -> dict[str, bool]:
    """Whether each panel is shown."""
    found = re.findall(r'<div[^>]*data-panel="(\w+)"([^>]*)>', page)
    return {name: "hidden" not in rest for name, rest in found}


@pytest.mark.parametrize(
    ("query", "panel"), [("", "note"), ("?show=patient", "patient"), ("?show=note", "note"), ("?show=x", "note")]
)
def test_the_address_says_which_tab_is_shown(
    browser: Client, therapist: User, patient: User, query: str, panel: str
) -> None:
    page = page_of(browser, drafted(therapist, patient), query)
    assert shown(page) == {name: name == panel for name in ("note", "patient")}
    tabs = re.findall(r'data-show="(\w+)"\s+aria-current="true"', page)
    assert tabs == [panel]


def test_a_refused_text_is_shown_again(browser: Client, therapist: User, patient: User) -> None:
    session = drafted(therapist, patient)
    answer = browser.post(f"{session.get_absolute_url()}/summary", {"text": ""})
    assert shown(answer.content.decode()) == {"note": False, "patient": True}


def without_text(session: TherapySession) -> TherapySession:
    summary = session.summary
    summary.text = ""
    summary.save()
    return session


def box_in(page: str) -> str:
    (text,) = re.findall(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.DOTALL)
    return str(text)


def test_an_empty_text_can_lead_to_what_was_agreed(browser: Client, therapist: User, patient: User) -> None:
    session = without_text(drafted(therapist, patient))
    page = page_of(browser, session, "?show=patient")
    for way in ("Write a few lines", "Share only what was agreed", "Don’t share this one"):  # noqa: RUF001
        assert way in page
    assert box_in(page) == ""
    begun = page_of(browser, session, "?show=patient&start=agreed")
    assert box_in(begun) == "The steps that we agreed on are listed under “What we agreed”."
    assert begun.count("<li>Write down one worry every evening</li>") == 1


def test_homework_beside_lines_about_risk_is_not_offered(browser: Client, therapist: User, patient: User) -> None:
    session = drafted(therapist, patient)
    extraction = Extraction.objects.get(session=session)
    cited = [item["evidence"]["segments"] for item in extraction.notes["action_items"]]
    flag = drafted(therapist, patient, RISKY).extractions.get().notes["risk_flags"][0]
    extraction.notes["risk_flags"] = [{**flag, "evidence": {**flag["evidence"], "segments": cited[0][-1:]}}]
    extraction.save()
    with session.locked():
        follow_draft(extraction)
    assert "Share only what was agreed" not in page_of(browser, without_text(session), "?show=patient")


def test_a_session_without_anything_says_what_to_do(browser: Client, therapist: User, patient: User) -> None:
    session = sessions.create_session(access_for(therapist, patient), WHEN)
    assert "No recording and no transcript yet" in page_of(browser, session)


def test_clinicians_read_their_words_and_find_the_technical_name(
    browser: Client, therapist: User, patient: User
) -> None:
    page = page_of(browser, drafted(therapist, patient))
    extraction = Extraction.objects.get()
    assert f'title="{extraction.engine} ({extraction.model})">Built-in draft, no AI model<' in page
    assert "Drafted by" not in page


def queries_of(browser: Client, url: str) -> int:
    browser.get(url)  # the rate limit's first row
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("page", ["session", "note"])
def test_a_long_session_costs_as_many_queries_as_a_short_one(
    browser: Client, therapist: User, patient: User, page: str
) -> None:
    def url_of(said: str) -> Any:
        session = drafted(therapist, patient, said)
        if page == "session":
            return session.get_absolute_url()
        browser.post(reverse("sessions:create_note", args=[session.pk]), {"template": template_of(browser, session)})
        return reverse("notes:detail", args=[SessionNote.objects.get(session=session).pk])

    short, long = (queries_of(browser, url_of(said)) for said in (SAID, SAID * 40))
    assert short == long


def template_of(browser: Client, session: TherapySession) -> str:
    """The first template that is offered for a note."""
    page = browser.get(reverse("sessions:note", args=[session.pk])).content.decode()
    return re.findall(r'<option value="([0-9a-f-]{36})"', page)[0]


def test_correcting_a_line_keeps_the_open_tab(browser: Client, therapist: User, patient: User) -> None:
    session = drafted(therapist, patient)
    page = page_of(browser, session, "?show=patient&line=1")
    assert shown(page) == {"note": False, "patient": True}
    assert 'href="?show=patient&amp;line=0#line"' in page
    assert f'{session.get_absolute_url()}?show=patient#segment-1"' in page
    assert 'name="show" value="patient"' in page
    body = {"line": "1", "speaker": "patient", "show": "patient"}
    corrected = browser.post(f"{session.get_absolute_url()}/speakers/line", body)
    assert corrected["Location"] == f"{session.get_absolute_url()}?show=patient#transcript-title"


def test_paper_costs_no_query_for_what_it_does_not_show(browser: Client, therapist: User, patient: User) -> None:
    url = f"{drafted(therapist, patient).get_absolute_url()}/print"
    browser.get(url)  # the rate limit's first row
    with CaptureQueriesContext(connection) as seen:
        assert "Write down one worry every evening" in browser.get(url).content.decode()
    said = " ".join(query["sql"] for query in seen)
    models = (ActionItem, PatientSummary, ProcessingJob, Recording, RiskReview, SessionNote)
    assert [model.__name__ for model in models if f'FROM "{model._meta.db_table}"' in said] == []
