"""The list of sessions and the menu say what a therapist would do next, and a chip finds exactly those rows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import BreakGlassFactory, CareFactory, access_for
from sessions_app.conftest import WHEN
from sessions_app.contexts.sessions import SHOWN
from sessions_app.models import PatientSummary, ProcessingJob, TherapySession
from sessions_app.notes.services.signing import cosign_note
from sessions_app.notes.tests.notes import begin, drafted_session, sign
from sessions_app.querysets import WAITING
from sessions_app.services import sessions

pytestmark = pytest.mark.django_db
Pages = Callable[[User], Client]
RISKY = b"Therapist: How was your week?\nPatient: I want to kill myself.\nTherapist: Let us talk about it.\n"


@pytest.fixture
def browser(client_for: Pages, therapist: User) -> Client:
    return client_for(therapist)


@pytest.fixture
def session(therapist: User, patient: User) -> TherapySession:
    return sessions.create_session(access_for(therapist, patient), WHEN)


def row(browser: Client) -> tuple[list[str], set[str]]:
    """The pills of the only session, and the chips under which it is found."""
    (shown,) = browser.get("/sessions").context["page"]
    chips = {chip for chip in SHOWN if list(browser.get("/sessions", {"status": chip}).context["page"])}
    return [pill.label for pill in shown.pills], chips


def job(session: TherapySession, stage: str, **fields: Any) -> None:
    ProcessingJob.objects.update_or_create(session=session, defaults={"stage": stage, "failed_stage": ""} | fields)


def put(session: TherapySession, **fields: Any) -> None:
    TherapySession.objects.filter(pk=session.pk).update(**fields)


def test_a_session_goes_from_nothing_to_a_shared_summary(
    browser: Client, therapist: User, session: TherapySession
) -> None:
    assert row(browser) == (["No recording yet"], {"empty"})
    put(session, status="transcribing")
    job(session, "transcribe", stage_started_at=WHEN)
    assert row(browser) == (["Transcribing"], {"running"})
    later = timezone.now() + timedelta(minutes=5)
    job(session, "transcribe", last_error="engine_unavailable", next_attempt_at=later)
    assert row(browser) == (["Waiting for the speech service"], {"running"})
    put(session, status="transcribed")
    job(session, "speakers", last_error="")
    assert row(browser) == (["Needs a speaker"], {"speakers"})
    put(session, status="failed", error_retriable=True)
    job(session, "failed")
    assert row(browser) == (["Failed: retry"], {"failed"})
    put(session, error_retriable=False)
    assert row(browser) == (["Failed: start over"], {"failed"})
    put(session, status="processed", processed_at=WHEN)
    job(session, "done")
    PatientSummary.objects.create(session=session, text="We spoke about sleep.")
    assert row(browser) == (["To review"], {"to_review"})
    PatientSummary.objects.update(status="shared", approved_at=WHEN, changed_by=therapist)
    assert row(browser) == (["Shared"], {"shared"})
    PatientSummary.objects.update(status="declined", approved_at=None)
    assert row(browser) == (["Not shared"], {"kept_back"})


def test_two_acts_stand_beside_each_other_until_they_are_done(browser: Client, therapist: User, patient: User) -> None:
    session = drafted_session(therapist, patient, RISKY)
    note = begin(session)
    pills, chips = row(browser)
    assert (pills, chips) == (["Possible risk", "To review", "To sign"], {"risk", "to_review", "to_sign"})
    page = browser.get("/sessions").content.decode()
    assert f'href="/notes/{note.pk}"' in page
    assert f'href="{session.risk_reviews.get().get_absolute_url()}"' in page
    sign(note)
    assert row(browser)[0] == ["Possible risk", "To review"]


def test_what_waited_longest_is_the_first_to_be_done(browser: Client, therapist: User, patient: User) -> None:
    access = access_for(therapist, patient)
    made = [sessions.create_session(access, WHEN + timedelta(days=day)) for day in range(30)]
    page = browser.get("/sessions?status=empty").context["page"]
    assert [one.pk for one in page] == [one.pk for one in made[:25]]
    following = browser.get(page.next_url)
    assert [one.pk for one in following.context["page"]] == [one.pk for one in made[25:]]
    assert ">Earlier</a>" in following.content.decode()
    assert [one.pk for one in browser.get("/sessions").context["page"]] == [one.pk for one in reversed(made[5:])]


def counts(browser: Client) -> dict[str, str]:
    links = browser.get("/account").context["navigation"].main()
    return {link.label: link.count for link in links if link.count}


def test_the_menu_counts_what_waits_and_nothing_else(
    browser: Client, client_for: Pages, therapist: User, other_therapist: User, patient: User
) -> None:
    assert counts(browser) == {}
    note = begin(drafted_session(therapist, patient, RISKY))
    assert counts(browser) == {"Sessions": "1", "Notes": "1", "Risk reviews": "1"}
    page = browser.get("/account").content.decode()
    assert '<span class="nav__count">1<span class="sr-only"> to sign</span></span>' in page
    sign(note)
    assert counts(browser) == {"Sessions": "1", "Risk reviews": "1"}
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    assert counts(client_for(other_therapist)) == {}


def test_the_menu_costs_one_query(browser: Client, django_assert_num_queries: Any) -> None:
    menu = browser.get("/account").context["navigation"]
    with django_assert_num_queries(1):
        menu.main()


def waiting_on_today(browser: Client) -> list[str]:
    return [item["kind"] for item in browser.get("/today").context["waiting"]]


@pytest.mark.parametrize("kind", WAITING)
def test_menu_list_patients_and_today_agree_on_what_waits(browser: Client, session: TherapySession, kind: str) -> None:
    status, stage = {
        "speakers": ("transcribed", "speakers"),
        "to_review": ("processed", "done"),
        "failed": ("failed", "failed"),
        "empty": ("pending", ""),
    }[kind]
    put(session, status=status, processed_at=WHEN)
    PatientSummary.objects.create(session=session, text="We spoke about sleep.")
    if stage:
        job(session, stage)
    assert counts(browser) == {"Sessions": "1"}
    assert waiting_on_today(browser) == [kind]
    assert list(browser.get("/sessions", {"status": kind}).context["page"]) == [session]
    assert list(browser.get("/patients", {"show": "waiting"}).context["page"]) == [session.patient]


def test_what_only_an_emergency_opens_waits_for_nobody(
    client_for: Pages, session: TherapySession, other_therapist: User
) -> None:
    BreakGlassFactory(patient=session.patient, therapist=other_therapist)
    other = client_for(other_therapist)
    assert list(other.get("/sessions").context["page"]) == [session]
    assert (counts(other), waiting_on_today(other)) == ({}, [])
    assert list(other.get("/patients", {"show": "waiting"}).context["page"]) == []


def test_a_signed_note_waits_for_one_supervisor(
    client_for: Pages, therapist: User, other_therapist: User, patient: User
) -> None:
    sign(begin(drafted_session(therapist, patient)))
    CareFactory(therapist=other_therapist, patient=patient, relationship_type="supervisor", started_at=timezone.now())
    supervisor = client_for(other_therapist)
    assert "cosign" not in waiting_on_today(supervisor), "signed before there was a supervisor"
    note = sign(begin(drafted_session(therapist, patient)))
    assert waiting_on_today(supervisor).count("cosign") == 1
    assert counts(supervisor)["Notes"] == "1"
    chosen = list(supervisor.get("/sessions?status=to_sign").context["page"])
    assert [one.note_to_sign for one in chosen] == [note.pk]
    cosign_note(note, access=access_for(other_therapist, patient))
    assert "cosign" not in waiting_on_today(supervisor)
    assert "Notes" not in counts(supervisor)
