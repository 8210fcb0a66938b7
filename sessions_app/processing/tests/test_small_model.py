"""From a spoken recording to a note with the speech model on this machine, through a worker's stages."""

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import User
from accounts.tests.factories import access_for
from e2e import make_recording
from sessions_app.conftest import work_off
from sessions_app.models import Extraction, ProcessingJob, TherapySession, Transcript, TranscriptPiece
from sessions_app.processing.services import control, stages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Upload = Callable[..., TherapySession]
GERMAN = (
    "Gestern war ich bei meinem Bruder. Wir haben lange über unseren Vater gesprochen, und am Ende hat er geweint. "
    "Ich wusste nicht, was ich sagen sollte. Danach bin ich zu Fuß nach Hause gegangen und habe schlecht geschlafen."
)


@pytest.fixture
def dialogue(tmp_path: Path) -> bytes:
    tracks, _ = make_recording.record(6)
    make_recording.write_wav(tmp_path / "dialogue.wav", [sum(tracks.values())])
    return (tmp_path / "dialogue.wav").read_bytes()


def test_a_dialogue_becomes_a_transcript_that_says_what_to_expect(upload: Upload, dialogue: bytes) -> None:
    session = work_off(upload(dialogue, name="dialogue.wav"))
    transcript = session.transcript
    assert (transcript.engine, transcript.model, transcript.quality) == ("moonshine", "tiny-en", "small_model")
    assert transcript.language == "en"
    assert "anxiety" in " ".join(line.text for line in transcript.lines)
    assert set(Extraction.objects.filter(session=session).values_list("quality", flat=True)) <= {"small_model"}


def test_another_language_ends_with_a_sentence_and_without_a_transcript(upload: Upload, tmp_path: Path) -> None:
    subprocess.run(["espeak-ng", "-v", "de", "-w", str(tmp_path / "a.wav"), GERMAN], check=True)
    session = work_off(upload((tmp_path / "a.wav").read_bytes(), name="a.wav"))
    assert (session.status, session.error_code) == ("failed", "not_understood")
    assert "understands only English" in session.error_detail
    assert not Transcript.objects.filter(session=session).exists()


def test_a_cancelled_job_hears_no_further_chunk(upload: Upload, therapist: User, dialogue: bytes) -> None:
    session = upload(dialogue, name="dialogue.wav")
    job = ProcessingJob.claim(session.job.pk)
    stages.run(job)  # check
    job = ProcessingJob.claim(job.pk)

    def transcribe() -> None:
        stages.run(job)
        connection.close()

    worker = threading.Thread(target=transcribe)
    pieces = TranscriptPiece.objects.filter(session=session)
    worker.start()
    while not pieces.exclude(done_at=None).exists():
        worker.join(0.02)
    control.cancel_processing(session, access=access_for(therapist, session.patient))
    worker.join()
    assert pieces.filter(done_at=None).exists()
