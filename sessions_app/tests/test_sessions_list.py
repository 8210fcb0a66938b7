"""Session lists: access, order and query counts."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import CareFactory, PatientFactory, access_for, give_consents
from audit.models import AuditEvent
from sessions_app.conftest import WHEN
from sessions_app.models import PatientSummary, ProcessingJob, Recording, TherapySession, TranscriptPiece
from sessions_app.processing.choices import Stage, chip_of
from sessions_app.services import sessions
from therapybridge.tests.plans import analyze, most_rows, plan_of, queries_of

pytestmark = pytest.mark.django_db
Api = Callable[[User], APIClient]
MOST_ROWS = 200  # that a page of a list looks at, of 3,100


def many_sessions(therapist: User, number: int) -> None:
    for _ in range(number):
        person = PatientFactory(clinic=therapist.clinic)
        CareFactory(therapist=therapist, patient=person)
        give_consents(person)
        session = sessions.create_session(access_for(therapist, person), WHEN)
        ProcessingJob.objects.create(session=session, stage="transcribe", stage_started_at=WHEN)
        TranscriptPiece.objects.create(session=session, index=0, start=0, end=9, path="0.flac", done_at=WHEN)
        TranscriptPiece.objects.create(session=session, index=1, start=9, end=12, path="1.flac")


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


def test_polling_what_is_running_leaves_a_row_only_for_what_is_new(client_for: Any, therapist: User) -> None:
    many_sessions(therapist, 1)
    browser = client_for(therapist)
    browser.get("/today")

    def polled() -> int:
        before = AuditEvent.objects.count()
        assert browser.get("/sessions/running").status_code == 200
        return AuditEvent.objects.count() - before

    assert [polled(), polled()] == [0, 0]
    many_sessions(therapist, 1)
    assert [polled(), polled(), polled()] == [1, 0, 0]
    assert len(AuditEvent.objects.latest("id").ids) == 2
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert polled() == 1


@pytest.mark.parametrize("url", ["/api/v1/sessions", "/sessions", "/sessions/running", "/today"])
def test_a_list_costs_the_same_queries_with_more_rows(url: str, api_for: Api, client_for: Any, therapist: User) -> None:
    client = api_for(therapist) if url.startswith("/api/") else client_for(therapist)
    many_sessions(therapist, 2)
    client.get(url)  # the rate limit's first row
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    many_sessions(therapist, 8)
    client.get(url)  # the audit row that a poll leaves when it shows something new
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) == len(few)


def chip_after(mark: str, page: str) -> str:
    """The words of the first chip after a mark."""
    _, _, rest = page.partition(mark)
    found = re.search(r'class="pill[^>]*>(?:\s*<svg.*?</svg>)?([^<]+)', rest, re.DOTALL)
    assert found
    return found[1].strip()


def test_wherever_a_session_is_listed_its_chip_is_that_of_its_page(client_for: Any, processed: TherapySession) -> None:
    browser, page = client_for(processed.therapist), f"/sessions/{processed.pk}"
    for stage, begun in product(Stage.values, [None, WHEN]):
        failed = {"failed_stage": "extract" if stage == "failed" else ""}
        ProcessingJob.objects.update(stage=stage, stage_started_at=begun, **failed)
        chip = "To review" if stage in {"done", "failed"} else chip_of(stage, is_begun=begun is not None)
        assert chip_after('id="session-chip"', browser.get(page).content.decode()) == chip
        for listing in ("/sessions", f"/patients/{processed.patient_id}"):
            assert chip_after(f'href="{page}"', browser.get(listing).content.decode()) == chip, listing


def test_each_running_session_tells_of_its_own_pieces(client_for: Any, therapist: User) -> None:
    many_sessions(therapist, 2)
    TranscriptPiece.objects.filter(index=0).first().delete()
    page = client_for(therapist).get("/sessions/running").content.decode()
    assert "Transcribing 2 of 2" in page
    assert "Transcribing 1 of 1" in page


def test_a_recording_that_was_deleted_is_not_offered(
    api_for: Api, client_for: Any, therapist: User, processed: TherapySession
) -> None:
    sound = {"path": "a/b", "sha256": "0" * 64, "size": 1, "mime": "audio/flac", "channels": 1, "duration": 1.0}
    recording = Recording.objects.create(session=processed, **sound)
    address, page = f"/api/v1/sessions/{processed.pk}", f"/sessions/{processed.pk}/progress"
    assert api_for(therapist).get(address).json()["has_recording"] is True
    assert client_for(therapist).get(page).context["recording"] is True
    Recording.objects.filter(pk=recording.pk).update(deleted_at=WHEN)
    assert api_for(therapist).get(address).json()["has_recording"] is False
    assert client_for(therapist).get(page).context["recording"] is False


def test_numbers_follow_the_dates_without_gaps(therapist: User, patient: User) -> None:
    from datetime import timedelta

    late = sessions.create_session(access_for(therapist, patient), WHEN)
    early = sessions.create_session(access_for(therapist, patient), WHEN - timedelta(days=7))
    TherapySession.objects.get(pk=early.pk).end_with({"error_code": "x"}, token=None)
    TherapySession.objects.renumber(patient.pk)
    late.refresh_from_db()
    assert late.number == 1
    assert TherapySession.objects.get(pk=early.pk).number is None


@pytest.fixture
def busy_installation(therapist: User, foreign_therapist: User) -> None:
    """A clinic with 100 sessions beside one with 3,000."""
    for holder, number in ((therapist, 100), (foreign_therapist, 3_000)):
        person = CareFactory(therapist=holder).patient
        TherapySession.objects.bulk_create(
            TherapySession(
                clinic=holder.clinic,
                patient=person,
                therapist=holder,
                session_date=WHEN + timedelta(days=n),
                status="processed",  # and waiting for nobody, as most
            )
            for n in range(number)
        )
    analyze()


@pytest.mark.slow
@pytest.mark.usefixtures("busy_installation")
@pytest.mark.parametrize("reader", ["therapist", "foreign_therapist"])
@pytest.mark.parametrize("path", ["/api/v1/sessions", "/sessions"])
def test_the_list_reads_its_index_and_not_the_sessions_of_other_clinics(
    request: pytest.FixtureRequest, api_for: Api, client_for: Callable[..., Client], reader: str, path: str
) -> None:
    person: User = request.getfixturevalue(reader)
    client = api_for(person) if "api" in path else client_for(person)
    found = [sql for sql in queries_of(lambda: client.get(path)) if 'FROM "sessions_app_therapysession"' in sql]
    assert found
    for sql in found:
        assert plan_of(sql, "sessions_app_therapysession")[0] == []
        assert most_rows(sql) <= MOST_ROWS


@pytest.mark.slow
@pytest.mark.usefixtures("busy_installation")
@pytest.mark.parametrize("reader", ["therapist", "foreign_therapist"])
def test_nothing_is_read_of_sessions_that_have_not_changed(
    request: pytest.FixtureRequest, api_for: Api, reader: str
) -> None:
    """Nor of what each shows of its job and summary: of 3,000 sessions they would be thousands."""
    for model in (ProcessingJob, PatientSummary):
        model.objects.bulk_create(model(session=session) for session in TherapySession.objects.all())
    analyze()
    since = (timezone.now() + timedelta(hours=1)).isoformat()
    client = api_for(request.getfixturevalue(reader))
    (sql,) = (
        sql
        for sql in queries_of(lambda: client.get("/api/v1/sessions", {"updated_since": since}))
        if 'FROM "sessions_app_therapysession"' in sql
    )
    for table in ("therapysession", "processingjob", "patientsummary"):
        assert plan_of(sql, f"sessions_app_{table}")[0] == []
    assert most_rows(sql) <= MOST_ROWS
