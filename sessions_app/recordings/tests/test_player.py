"""What therapists and devices are told about a recording, and what the player gets."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from sessions_app.conftest import work_off
from sessions_app.models import TherapySession

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Upload = Callable[..., TherapySession]


def played(response: Any) -> float:
    """Seconds of sound in a response of FLAC."""
    assert (response.status_code, response["Content-Type"]) == (200, "audio/flac")
    with av.open(io.BytesIO(b"".join(response.streaming_content)), format="flac") as source:
        return sum(frame.samples / frame.sample_rate for frame in source.decode(audio=0))


def test_a_recording_that_was_cut_says_so_and_plays_what_was_read(
    upload: Upload, use_models: Any, client_for: Any, api_for: Any, talk: Path
) -> None:
    use_models()
    content = talk.read_bytes()
    session = work_off(upload(content[: len(content) // 2]))
    told = session.recording.warnings
    assert told[0].endswith("of 12 seconds could be read.")
    assert api_for(session.therapist).get(f"/api/v1/sessions/{session.pk}").json()["recording_warnings"] == told
    client = client_for(session.therapist)
    assert told[0] in client.get(f"/sessions/{session.pk}").content.decode()
    assert played(client.get(f"/sessions/{session.pk}/recording")) == pytest.approx(session.duration_seconds, abs=0.01)


def test_two_recordings_in_one_file_are_transcribed_and_played_to_the_end(
    upload: Upload, use_models: Any, client_for: Any, talk: Path
) -> None:
    use_models()
    session = work_off(upload(talk.read_bytes() * 2))
    assert session.recording.warnings == []
    assert session.transcript.lines[-1].start > 12
    response = client_for(session.therapist).get(f"/sessions/{session.pk}/recording")
    assert played(response) == pytest.approx(session.duration_seconds, abs=0.01)
    assert session.duration_seconds == pytest.approx(24, abs=0.5)
