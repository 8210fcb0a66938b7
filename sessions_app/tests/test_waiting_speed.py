"""What waits for a therapist is found without a look at all sessions of a practice, even when PostgreSQL has no
statistics of the rows yet, as after a restore."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import TherapistPatient, User
from sessions_app.conftest import WHEN
from sessions_app.models import PatientSummary, TherapySession
from therapybridge.tests.plans import most_loops, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PATIENTS, SESSIONS_EACH, WAIT = 40, 25, 30
MOST_LOOPS = 4_000  # of a part of a plan; with all patients joined to all sessions it is forty thousand


@pytest.fixture
def practice(therapist: User) -> list[User]:
    """Forty patients with 25 sessions each, of whose summaries thirty wait."""
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
    return people


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize("path", ["/today", "/patients", "/sessions"])
def test_without_statistics_no_page_joins_all_with_all(
    therapist: User, client_for: Callable[..., Client], path: str
) -> None:
    client = client_for(therapist)
    client.get(path)
    asked = [sql for sql in queries_of(lambda: client.get(path)) if sql.startswith("SELECT")]
    assert max(map(most_loops, asked)) <= MOST_LOOPS


@pytest.mark.usefixtures("practice")
def test_the_menu_counts_what_waits(therapist: User, client_for: Callable[..., Client]) -> None:
    found = TherapySession.objects.waiting_for(therapist)
    assert [session.summary.status for session in found.select_related("summary")] == ["draft"] * WAIT
    page = client_for(therapist).get("/today").content.decode()
    assert re.search(rf"\b{WAIT}\b", re.sub(r"<[^>]+>", " ", page))
