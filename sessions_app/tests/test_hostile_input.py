"""Hostile input: dates, searches, transcripts, media boxes, revoked consent."""

import signal
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import give_consents
from sessions_app.management.ai_stub.server import Stub
from sessions_app.models import ProcessingJob, TherapySession
from sessions_app.pipeline.audio import parts
from sessions_app.pipeline.transcripts import MAX_BYTES, parse_transcript
from sessions_app.processing.services import stages, transcribing
from sessions_app.tests.growth import grows_less_than
from therapybridge.core.errors import ConsentRequired, TooLarge, Unprocessable
from therapybridge.core.heartbeat import Heartbeat

CUE = b"WEBVTT\n\n00:01.000 --> 00:02.000\n"


@pytest.fixture
def ten_seconds_of_processor() -> Iterator[None]:
    """Fail if the cost is quadratic in the input; a linear pass takes a second."""

    def stop(*_: Any) -> None:
        raise TimeoutError("This took more than ten seconds of processor time.")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 10)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.slow
@pytest.mark.usefixtures("ten_seconds_of_processor")
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"Patient: a" + b" " * 2_000_000 + b"b\n", "a.txt"),
        (CUE + b"<v " * 500_000 + b"hello\n", "a.vtt"),
        (CUE + b"<v" + b"\t" * 500_000 + b"hello\n", "a.vtt"),
        (CUE + b"<v.\t" * 300_000 + b"hello\n", "a.vtt"),
        (CUE + b"<" * 1_000_000 + b"hello\n", "a.vtt"),
        (CUE + b"{\\a" * 500_000 + b"hello\n", "a.srt"),
        (b"1" * 2_000_000 + b" hello\n", "a.srt"),
        (b"00:" * 500_000 + b"hello\n", "a.txt"),
        (b"a(" * 500_000 + b"\n", "a.txt"),
    ],
)
def test_no_transcript_takes_more_than_a_few_passes(data: bytes, name: str) -> None:
    assert parse_transcript(data, name).segments


@pytest.mark.slow
@pytest.mark.parametrize(
    ("head", "fragment", "name"),
    [
        (CUE, b"<", "a.vtt"),
        (b"Patient: Yes.\n", b"[00:01]", "a.txt"),
        (b"Patient: Yes.\n", b"\r", "a.txt"),
        (b"Patient: Yes.\n", "\u0301\u0316".encode(), "a.txt"),
        (b"Patient: Yes.\n", b"Ab. 0:01 left the meeting ", "a.txt"),
        (b"", b"Ada\n0:01 And?\n", "a.txt"),
        (b"", b"Ada\n0 minutes 1 seconds\nAnd?\n", "a.txt"),
        (CUE, b"\n2\n\nAnd?\n", "a.srt"),
        (b"", b"1\n00:00:01,000 --> 9\nAnd?\n", "a.srt"),
        (b"", b"0:00:01.000,0:00\nAnd?\n", "a.sbv"),
        (b"[", b'{"text": "And?", "start": null}, ', "a.json"),
    ],
)
def test_four_times_the_transcript_takes_less_than_eight_times_the_processor(
    head: bytes, fragment: bytes, name: str
) -> None:
    def read(length: int) -> None:
        with suppress(Unprocessable):
            parse_transcript(head + fragment * (length // len(fragment)), name)

    # In proportion it takes four times as long, with the square sixteen times.
    assert grows_less_than(8, read, 50_000, 200_000)


def test_no_process_keeps_the_transcripts_that_it_has_read() -> None:
    tracemalloc.start()
    try:
        for number in range(4):
            parse_transcript(b"Patient: %d " % number + b"friend " * 40_000, "a.txt")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 400_000  # bytes; four transcripts have more than a million


@pytest.mark.slow
@pytest.mark.usefixtures("ten_seconds_of_processor")
def test_a_hundred_thousand_names_are_told_apart_at_once() -> None:
    with pytest.raises(TooLarge):
        parse_transcript(CUE + b"".join(b"<v N%d>hi " % n for n in range(100_000)), "a.vtt")


@pytest.mark.parametrize("blank", ["\u00a0", "\u2028", "\x0c", "\ufeff\u00a0"])
def test_a_line_of_invisible_space_is_a_blank_line(blank: str) -> None:
    parsed = parse_transcript(f"WEBVTT\n\n{blank}\n\n00:01.000 --> 00:02.000\nHello there\n".encode(), "a.vtt")
    assert [segment.text for segment in parsed.segments] == ["Hello there"]


def test_a_voice_keeps_its_name_and_classes() -> None:
    parsed = parse_transcript(CUE + b"<v.loud.first  Patient>I slept</v>\n<v Therapist>Good</v>\n", "a.vtt")
    assert [(segment.label, segment.text) for segment in parsed.segments] == [
        ("Patient", "I slept"),
        ("Therapist", "Good"),
    ]


def test_an_index_behind_a_million_boxes_is_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MAX_BOXES", 10)
    index = b"\x00\x00\x00\x08moov"

    def film(boxes: int) -> Path:
        path = tmp_path / "film.mp4"
        path.write_bytes(b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00" + b"\x00\x00\x00\x08free" * boxes + index)
        return path

    assert len(parts.parts_of(film(8), "mov")) == 1
    with pytest.raises(Unprocessable):
        parts.parts_of(film(9), "mov")


@pytest.mark.parametrize("date", ["0001-01-01", "1899-12-31T23:59:59Z"])
def test_a_session_of_long_ago_is_refused(
    api_for: Callable[[User], APIClient], therapist: User, patient: User, date: str
) -> None:
    answer = api_for(therapist).post("/api/v1/sessions", {"patient": patient.pk, "session_date": date}, format="json")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["session_date"]
    assert not TherapySession.objects.exists()


@pytest.mark.parametrize("name", ["start_date", "end_date"])
@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_filter_that_does_not_exist_in_utc_is_refused(
    api_for: Callable[[User], APIClient], therapist: User, name: str, date: str
) -> None:
    answer = api_for(therapist).get("/api/v1/sessions", {name: date})
    assert list(answer.json()["errors"]) == [name]


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["a " * 1_500, "\x00", "a\x00b"])
def test_any_search_is_answered(client_for: Callable[[User], Any], therapist: User, words: str) -> None:
    assert client_for(therapist).get("/sessions", {"q": words}).status_code == 200


@pytest.mark.usefixtures("still_clock")
def test_the_buttons_of_the_pages_are_limited(
    client_for: Callable[[User], Any], therapist: User, patient: User, settings: Any
) -> None:
    settings.LIMITS = settings.LIMITS | {"write": "2/m"}
    client, session = client_for(therapist), TherapySession(pk=patient.pk)
    verbs = ["retry", "draft", "cancel"]
    assert [client.post(f"{session.get_absolute_url()}/{verb}").status_code for verb in verbs] == [404, 404, 429]


def test_a_transcript_is_not_read_beyond_its_limit(
    api_for: Callable[[User], APIClient], therapist: User, patient: User, tmp_path: Path
) -> None:
    api = api_for(therapist)
    asked = {"patient": patient.pk, "session_date": "2026-03-01T10:00:00Z"}
    made = api.post("/api/v1/sessions", asked, format="json").json()
    path = tmp_path / "long.txt"
    path.write_bytes(b"Patient: hello\n" * (MAX_BYTES // 14))
    with path.open("rb") as file:
        assert api.post(f"/api/v1/sessions/{made['id']}/transcript", {"file": file}).status_code == 413


@pytest.mark.django_db(transaction=True)
def test_consent_is_asked_for_again_before_each_piece_is_sent(
    upload: Callable[..., TherapySession], use_models: Callable[..., Stub], patient: User
) -> None:
    stub = use_models()
    session = upload()
    pk = ProcessingJob.objects.get(session=session).pk
    checked = ProcessingJob.claim(pk)
    assert checked is not None
    stages.run(checked)
    job = ProcessingJob.claim(pk)
    assert job is not None
    engine = stages.transcriber_for(job)
    give_consents(patient, "revoked")  # after the stage has begun, before its next call
    with Heartbeat(job) as heart, pytest.raises(ConsentRequired):
        transcribing.transcribe_pieces(job, engine, heart)
    assert stub.calls() == []
