"""What waits for a therapist is found without a look at all sessions of a practice, even when PostgreSQL has no
statistics of the rows yet, as after a restore."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import TherapistPatient, User
from sessions_app.conftest import WHEN
from sessions_app.models import NoteTemplate, PatientSummary, SessionNote, TherapySession
from therapybridge.tests.plans import forget_statistics, most_loops, plan_of, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PATIENTS, SESSIONS_EACH, WAIT = 40, 25, 30
MOST_LOOPS = 4_000  # of a part of a plan; with all patients joined to all sessions it is forty thousand
MOST_BLOCKS = 6_000  # of a list of a thousand; with all that a page shows joined to each row it is twelve thousand


@pytest.fixture
def practice(therapist: User) -> list[User]:
    """Forty patients with 25 sessions each, of whose summaries and notes thirty wait."""
    forget_statistics()
    people = User.objects.bulk_create(
        User(first_name="Robin", last_name=f"Person {at}", role="patient", clinic=therapist.clinic)
        for at in range(PATIENTS)
    )
    TherapistPatient.objects.bulk_create(TherapistPatient(therapist=therapist, patient=person) for person in people)
    sessions = TherapySession.objects.bulk_create(
        TherapySession(
            patient=person,
            therapist=therapist,
            clinic=therapist.clinic,
            session_date=WHEN + timedelta(days=at),
            status="processed",
            processed_at=WHEN,
        )
        for person in people
        for at in range(SESSIONS_EACH)
    )
    PatientSummary.objects.bulk_create(
        PatientSummary(
            session=session, text="We spoke.", **({} if at < WAIT else {"status": "shared", "approved_at": WHEN})
        )
        for at, session in enumerate(sessions)
    )
    version = NoteTemplate.objects.get(key="soap").versions.latest("number")
    signed = {"status": "signed", "signed_at": WHEN, "content_hash": "0" * 64}
    SessionNote.objects.bulk_create(
        SessionNote(
            session=session,
            patient=session.patient,
            clinic=session.clinic,
            author=therapist,
            template_version=version,
            content={},
            saved_at=WHEN,
            **({} if at < WAIT else signed),
        )
        for at, session in enumerate(sessions)
    )
    return people


def asked_by(client: Client, path: str) -> list[str]:
    """What a page asks the database, but for what its first visit alone does."""
    client.get(path)
    return [sql for sql in queries_of(lambda: client.get(path)) if sql.startswith("SELECT")]


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize("path", ["/today", "/patients", "/sessions", "/sessions?status=to_sign", "/notes"])
def test_without_statistics_no_page_joins_all_with_all(
    therapist: User, client_for: Callable[..., Client], path: str
) -> None:
    assert max(map(most_loops, asked_by(client_for(therapist), path))) <= MOST_LOOPS


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize("path", ["/sessions", "/notes"])
def test_without_statistics_a_list_joins_to_the_rows_of_its_page_alone(
    therapist: User, client_for: Callable[..., Client], path: str
) -> None:
    read = [plan_of(sql, "sessions_app")[1] for sql in asked_by(client_for(therapist), path)]
    assert max(read) <= MOST_BLOCKS


@pytest.mark.usefixtures("practice")
def test_the_menu_counts_what_waits(therapist: User, client_for: Callable[..., Client]) -> None:
    found = TherapySession.objects.waiting_for(therapist)
    assert [session.summary.status for session in found.select_related("summary")] == ["draft"] * WAIT
    page = client_for(therapist).get("/today").content.decode()
    assert re.search(rf"\b{WAIT}\b", re.sub(r"<[^>]+>", " ", page))
