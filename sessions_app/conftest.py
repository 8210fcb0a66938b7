"""Fixtures: a stub of the OpenAI API, recordings, and a worker inside the test's process."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.management.ai_stub.server import Stub, running_stub
from sessions_app.models import ProcessingJob, TherapySession
from sessions_app.processing.services import circuits, stages
from sessions_app.recordings import services as recordings_services
from sessions_app.services.transcripts import create_with_transcript
from sessions_app.tests.audio_files import dialogue, write

WHEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four turns of two synthetic voices, 12 seconds."""
    tracks, _ = dialogue(4)
    return write(tmp_path_factory.mktemp("talk") / "talk.flac", [sum(tracks)])


@pytest.fixture
def stub() -> Iterator[Stub]:
    with running_stub() as server:
        yield server


@pytest.fixture
def use_models(settings: Any, stub: Stub) -> Callable[..., Stub]:
    """Points both engines at the stub, under these model names."""

    def use(audio: str = "stub-verbose", chat: str = "stub-llm", timeout: float = 20) -> Stub:
        settings.TRANSCRIBE_BASE_URL = settings.LLM_BASE_URL = stub.base_url
        settings.TRANSCRIBE_API_KEY = settings.LLM_API_KEY = "none"
        settings.TRANSCRIBE_MODEL, settings.LLM_MODEL = audio, chat
        settings.TRANSCRIBE_TIMEOUT = settings.LLM_TIMEOUT = timeout
        settings.JOB_BACKOFF_SECONDS = 0
        return stub

    return use


@pytest.fixture
def upload(talk: Path, therapist: User, patient: User) -> Callable[..., TherapySession]:
    """Sends a recording through the service, as the therapist."""

    def send(data: bytes | None = None, when: datetime = WHEN, name: str = "talk.flac") -> TherapySession:
        file = SimpleUploadedFile(name, talk.read_bytes() if data is None else data)
        return recordings_services.upload_recording(access_for(therapist, patient), when, file)

    return send


def work_off(session: TherapySession, claims: int = 30) -> TherapySession:
    """Run due jobs like a worker and its sweep until none is left, and return the reloaded session."""
    job_id: UUID = ProcessingJob.objects.get(session=session).pk
    while claims:
        circuits.review()
        job = ProcessingJob.claim(job_id)
        if job is None:
            break
        stages.run(job)
        claims -= 1
    return TherapySession.objects.select_related("job", "patient", "clinic").get(pk=session.pk)


@pytest.fixture
def processed(therapist: User, patient: User) -> TherapySession:
    """A session with a draft, from a transcript of two lines."""
    text = b"Therapist: How did you sleep?\nPatient: Badly. I will try the breathing exercise.\n"
    return work_off(create_with_transcript(access_for(therapist, patient), WHEN, text, "talk.txt"))


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Runs what waits for the commit, which never comes in a test's transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
