"""The list of sessions over HTTP: what a period holds, and that rows are shown as DRF itself would."""

from collections.abc import Callable
from datetime import timedelta

import orjson
import pytest
from rest_framework.serializers import Serializer
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.conftest import WHEN
from sessions_app.models import NO_ERROR, PatientSummary, ProcessingJob, Recording, TherapySession
from sessions_app.serializers import SessionSerializer, session_rows
from sessions_app.services import sessions
from therapybridge.core.api.renderers import to_json

pytestmark = pytest.mark.django_db
SESSIONS = "/api/v1/sessions"
Api = Callable[[User], APIClient]


@pytest.fixture
def four_days(therapist: User, patient: User) -> list[TherapySession]:
    """One session a day, at the day's last minute."""
    evening = WHEN.replace(hour=23, minute=59)
    return [sessions.create_session(access_for(therapist, patient), evening + timedelta(days=n)) for n in range(4)]


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"start_date": "2026-03-03", "end_date": "2026-03-04"}, [2, 1]),
        ({"end_date": "2026-03-02"}, [0]),
        ({"start_date": "2026-03-03T23:59:00Z", "end_date": "2026-03-03T23:59:00Z"}, [1]),
        ({"end_date": "2026-03-02T23:58:59.999999Z"}, []),
        ({"start_date": "2026-03-05T12:00:00"}, [3]),
    ],
)
def test_a_period_holds_both_ends_and_whole_days(
    query: dict[str, str], days: list[int], api_for: Api, therapist: User, four_days: list[TherapySession]
) -> None:
    found = api_for(therapist).get(SESSIONS, query).json()["results"]
    assert [row["id"] for row in found] == [str(four_days[day].pk) for day in days]


@pytest.mark.usefixtures("still_clock")
def test_a_row_is_shown_as_a_serializer_shows_it(therapist: User, four_days: list[TherapySession]) -> None:
    _, working, failed, shared = four_days
    ProcessingJob.objects.create(session=working, stage="transcribe", done_fraction=0.5, stage_started_at=WHEN)
    ProcessingJob.objects.create(session=failed, stage="failed", failed_stage="check")
    failed.move_to("failed", token=None, **NO_ERROR | {"error_code": "x", "error_detail": "It broke."})
    PatientSummary.objects.create(session=shared, text="You spoke.", approved_at=WHEN)
    Recording.objects.create(session=shared, path="x.flac", sha256="0" * 64, size=1, channels=1, duration=2.5)
    rows = list(session_rows(TherapySession.objects.visible_to(therapist)))
    shown = SessionSerializer(rows, many=True).data
    by_drf = [Serializer.to_representation(SessionSerializer(), row) for row in rows]
    assert orjson.loads(to_json(shown)) == orjson.loads(to_json(by_drf))
    assert [bool(row["error"]) for row in shown] == [False, True, False, False]
    assert [row["progress"] and row["progress"]["stage"] for row in shown] == [None, "failed", "transcribe", None]
    assert [row["has_recording"] for row in shown] == [True, False, False, False]
