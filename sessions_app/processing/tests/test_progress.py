"""Chip, step, percent and time left come from one row, agree, and never climb without reason."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.conftest import work_off
from sessions_app.contexts.progress import progress_of
from sessions_app.models import ProcessingJob, TherapySession, TranscriptPiece
from sessions_app.processing.services import control
from sessions_app.processing.services.progress import expected_finish
from sessions_app.services import sessions
from sessions_app.signals import stage_reached
from therapybridge.core.heartbeat import Heartbeat

NOON = datetime(2031, 5, 12, 12, tzinfo=UTC)
WORKED = ("check", "transcribe", "assemble", "extract", "recheck", "finish")
# Stage: the step, the chip, and how the message begins.
AGREED = {
    "check": ("checked", "Checking", "Checking the recording"),
    "transcribe": ("transcribed", "Transcribing", "Transcribing"),
    "assemble": ("transcribed", "Transcribing", "Putting the transcript together"),
    "speakers": ("draft", "Needs a speaker", "Who is speaking?"),
    "extract": ("draft", "Drafting", "Drafting the note"),
    "recheck": ("draft", "Drafting", "Checking the note again"),
    "finish": ("done", "Finishing", "Finishing"),
    "done": ("done", "To review", "Done"),
}


@pytest.fixture
def running(therapist: User, patient: User) -> TherapySession:
    session = sessions.create_session(access_for(therapist, patient), session_date=datetime(2026, 3, 2, tzinfo=UTC))
    ProcessingJob.objects.create(session=session, requested_by=therapist)
    for index in range(8):
        TranscriptPiece.objects.create(session=session, index=index, start=index, end=index + 1, path=f"{index}.flac")
    return session


def progress_url(session: TherapySession) -> str:
    return f"/api/v1/sessions/{session.pk}/progress"


def chip_of(page: str) -> str:
    (chip,) = re.findall(r'id="session-chip".*?</svg>(.*?)</span>', page, re.DOTALL)
    return str(chip).strip()


def never_climbs(samples: list[dict[str, Any]]) -> bool:
    percents = [sample["percent"] for sample in samples]
    left = [sample["eta_seconds"] for sample in samples if sample["eta_seconds"] is not None]
    return percents == sorted(percents) and left == sorted(left, reverse=True)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_over_a_whole_job_page_and_api_agree_at_every_moment(
    upload: Any, use_models: Any, api_for: Any, client_for: Any
) -> None:
    use_models()
    session = upload()
    device, browser = api_for(session.therapist), client_for(session.therapist)
    samples: list[dict[str, Any]] = []

    def sample(**kwargs: Any) -> None:
        told = device.get(progress_url(session)).json()
        page = browser.get(f"/sessions/{session.pk}/progress").content.decode()
        step, chip, message = AGREED[told["stage"]]
        assert (told["step"], chip_of(page)) == (step, chip)
        assert told["message"].startswith(message)
        assert told["stage"] == "done" or (told["message"] in page and f"{told['percent']} %" in page)
        samples.append(told)

    stage_reached.connect(sample)
    try:
        work_off(session)
    finally:
        stage_reached.disconnect(sample)
    sample()
    assert never_climbs(samples)
    assert {told["stage"] for told in samples} >= {"check", "transcribe", "assemble", "extract", "finish", "done"}


def worked_through(job: ProcessingJob, clock: Any, chance: random.Random) -> Iterator[None]:
    """Works through all stages at an uneven pace, with stalls, and stops after each second to look."""
    for following in (*WORKED[1:], "done"):
        held = ProcessingJob.claim(job.pk)
        assert held is not None
        heart, done = Heartbeat(held, partial(expected_finish, held.stage)), 0.0
        while done < 1:
            clock.shift(timedelta(seconds=chance.choice([1, 2, 3, 5, 60])))
            yield
            done += chance.choice([0.01, 0.05, 0.2])
            heart.report(done if chance.random() > 0.1 else done / 2, at_once=True)
            yield
        held.advance(following)
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_time_left_never_grows_whatever_the_pace(running: TherapySession, seed: int) -> None:
    job, samples = ProcessingJob.objects.get(), []
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in worked_through(job, clock, random.Random(seed)):
            told = progress_of(TherapySession.objects.select_related("job").get())
            assert told is not None
            samples.append({"percent": told.percent, "eta_seconds": told.eta_seconds})
    assert never_climbs(samples)
    assert any(told["eta_seconds"] for told in samples)
    assert samples[-1] == {"percent": 100, "eta_seconds": None}


@pytest.mark.django_db
def test_a_new_attempt_is_judged_by_its_own_pace(running: TherapySession) -> None:
    job = ProcessingJob.objects.get()
    with time_machine.travel(NOON, tick=False) as clock:
        ProcessingJob.objects.update(stage="transcribe")
        held = ProcessingJob.claim(job.pk)
        assert held is not None
        heart = Heartbeat(held, partial(expected_finish, held.stage))
        clock.shift(10)
        heart.report(0.5, at_once=True)
        job.refresh_from_db()
        assert job.finish_expected_at == NOON + timedelta(seconds=10 + 10 + 10)
        held.postpone(0, "timeout")
        again = ProcessingJob.claim(job.pk)
        assert again is not None
        assert again.finish_expected_at is None
        heart = Heartbeat(again, partial(expected_finish, again.stage))
        clock.shift(60)
        heart.report(0.75, at_once=True)
        job.refresh_from_db()
    assert job.finish_expected_at == NOON + timedelta(seconds=70 + 60 + 120), "0.25 of a stage a minute"


@pytest.mark.django_db
def test_a_job_that_waits_for_a_person_says_no_time(running: TherapySession, api_for: Any) -> None:
    job = ProcessingJob.objects.get()
    ProcessingJob.objects.update(stage="assemble", finish_expected_at=NOON)
    held = ProcessingJob.claim(job.pk)
    assert held is not None
    held.advance("speakers")
    answer = api_for(running.therapist).get(progress_url(running))
    assert (answer.json()["eta_seconds"], answer.headers["Retry-After"]) == (None, "15")


@pytest.mark.django_db
def test_polling_is_cheap_and_leaves_no_row(running: TherapySession, api_for: Any) -> None:
    device, url = api_for(running.therapist), progress_url(running)
    assert device.get(url).json()["message"] == "Waiting for its turn"
    ProcessingJob.objects.update(stage="transcribe", stage_started_at=NOON, done_fraction=0.25)
    TranscriptPiece.objects.filter(index__lt=2).update(done_at=NOON)
    rows = AuditEvent.objects.count()
    with CaptureQueriesContext(connection) as queries:
        first = device.get(url)
    assert first.headers["Retry-After"] == "2"
    assert (first.json()["message"], first.json()["percent"]) == ("Transcribing 3 of 8", 25)
    with CaptureQueriesContext(connection) as again:
        unchanged = device.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["Retry-After"]) == (304, b"", "2")
    assert len(queries) == len(again) <= 5
    ProcessingJob.objects.update(done_fraction=0.5)
    assert device.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert AuditEvent.objects.count() == rows


@pytest.mark.django_db
def test_a_new_attempt_is_said_until_the_stage_is_done(running: TherapySession, api_for: Any) -> None:
    job, device = ProcessingJob.objects.get(), api_for(running.therapist)

    def message() -> str:
        return str(device.get(progress_url(running)).json()["message"])

    held = ProcessingJob.claim(job.pk)
    assert (held, message()) == (job, "Checking the recording")
    held.postpone(0, "timeout")
    again = "Checking the recording, trying again after an interruption"
    assert message() == again
    held = ProcessingJob.claim(job.pk)
    assert (held, message()) == (job, again)
    held.advance("transcribe")
    assert message() == "Transcribing 1 of 8"
    held = ProcessingJob.claim(job.pk)
    assert held is not None
    held.fail("timeout")
    assert message() == "Failed"


@pytest.mark.django_db
def test_what_ended_is_not_asked_for_again(running: TherapySession, therapist: User, api_for: Any) -> None:
    control.cancel_processing(running, access=access_for(therapist, running.patient))
    answer = api_for(therapist).get(progress_url(running))
    told = answer.json()
    assert (told["status"], told["is_running"], told["error_code"]) == ("failed", False, "cancelled")
    assert "Retry-After" not in answer.headers


@pytest.mark.django_db
def test_a_session_without_work_has_no_progress(api_for: Any, therapist: User, patient: User) -> None:
    session = sessions.create_session(access_for(therapist, patient), session_date=NOON - timedelta(days=1900))
    answer = api_for(therapist).get(progress_url(session))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_progress")
