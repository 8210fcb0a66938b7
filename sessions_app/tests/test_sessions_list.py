"""Lists of sessions: whose, in which order, and what they cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import CareFactory, PatientFactory, access_for, give_consents
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import ProcessingJob, TherapySession
from sessions_app.services import sessions, transcripts

pytestmark = pytest.mark.django_db
Api = Callable[[User], APIClient]


@pytest.fixture
def processed(therapist: User, patient: User) -> TherapySession:
    text = b"Therapist: How did you sleep?\nPatient: Badly. I will try the breathing exercise.\n"
    return work_off(transcripts.create_with_transcript(access_for(therapist, patient), WHEN, text, "talk.txt"))


def many_sessions(therapist: User, number: int) -> None:
    for _ in range(number):
        person = PatientFactory(clinic=therapist.clinic)
        CareFactory(therapist=therapist, patient=person)
        give_consents(person)
        session = sessions.create_session(access_for(therapist, person), WHEN)
        ProcessingJob.objects.create(session=session)


def test_the_list_shows_exactly_what_is_theirs(
    api_for: Api, therapist: User, foreign_therapist: User, processed: TherapySession
) -> None:
    many_sessions(foreign_therapist, 2)
    mine = [row["id"] for row in api_for(therapist).get("/api/v1/sessions").json()["results"]]
    assert mine == [str(processed.pk)]
    assert len(api_for(foreign_therapist).get("/api/v1/sessions").json()["results"]) == 2


def test_the_list_is_paged_and_filtered(api_for: Api, therapist: User, processed: TherapySession) -> None:
    many_sessions(therapist, 5)
    client = api_for(therapist)
    first = client.get("/api/v1/sessions?limit=4").json()
    second = client.get(first["next"]).json()
    ids = [row["id"] for row in first["results"] + second["results"]]
    assert len(set(ids)) == len(ids) == 6
    assert second["next"] is None
    only = client.get("/api/v1/sessions?status=processed").json()["results"]
    assert [row["id"] for row in only] == [str(processed.pk)]
    assert client.get("/api/v1/sessions?status=unknown").status_code == 400
    assert client.get("/api/v1/sessions?cursor=zzz").json()["code"] == "invalid_cursor"


@pytest.mark.parametrize("url", ["/api/v1/sessions", "/sessions", "/today"])
def test_a_list_costs_the_same_queries_with_more_rows(url: str, api_for: Api, client_for: Any, therapist: User) -> None:
    client = api_for(therapist) if url.startswith("/api/") else client_for(therapist)
    many_sessions(therapist, 2)
    client.get(url)  # the rate limit's first row
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    many_sessions(therapist, 8)
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) == len(few)


def test_numbers_follow_the_dates_without_gaps(therapist: User, patient: User) -> None:
    from datetime import timedelta

    late = sessions.create_session(access_for(therapist, patient), WHEN)
    early = sessions.create_session(access_for(therapist, patient), WHEN - timedelta(days=7))
    TherapySession.objects.get(pk=early.pk).end_with({"error_code": "x"}, token=None)
    TherapySession.objects.renumber(patient.pk)
    late.refresh_from_db()
    assert late.number == 1
    assert TherapySession.objects.get(pk=early.pk).number is None
