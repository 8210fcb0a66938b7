import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from sessions_app.management.ai_stub.server import AUDIO, Line, running_stub
from sessions_app.pipeline.engines import openai_audio
from sessions_app.pipeline.engines.base import (
    ConfigurationError,
    EngineSettings,
    NeedsSmaller,
    NeedsUtterances,
    Permanent,
    Transient,
)
from sessions_app.pipeline.engines.openai_audio import ApiTranscriber, known_capability
from sessions_app.pipeline.engines.openai_client import close_clients
from sessions_app.pipeline.engines.openai_errors import LONGEST_WAIT, retry_after
from sessions_app.pipeline.tests.faults import KEY, check_fault, each_fault
from sessions_app.pipeline.types import Piece, PieceText
from sessions_app.tests.tones import tone_piece

TRUTH = [Line(0.5, 2.0, "I slept better.", "patient"), Line(2.8, 3.9, "What helped?", "therapist")]


@pytest.fixture(scope="module")
def server():
    with running_stub(TRUTH) as stub:
        yield stub
        close_clients()


@pytest.fixture
def stub(server):
    server.reset()
    openai_audio._text_only.clear()
    return server


@pytest.fixture
def engine_for(stub):
    def build(model: str, timeout: float = 5.0, **changes: object) -> ApiTranscriber:
        chosen = {"transcribe_base_url": stub.base_url, "transcribe_api_key": KEY} | changes
        return ApiTranscriber(EngineSettings(transcribe_model=model, transcribe_timeout=timeout, **chosen))

    return build


@pytest.fixture
def piece(tmp_path) -> Piece:
    return tone_piece(tmp_path / "piece.flac", ((0.5, 2.0), (2.8, 3.9)), 5.0, index=7)


@pytest.mark.slow
@each_fault(
    ("stub-402", ConfigurationError, "quota", None),
    ("stub-502", Transient, "upstream_error", None),
    ("stub-413", NeedsSmaller, "needs_smaller", None),
    ("stub-length", NeedsSmaller, "needs_smaller", None),
    ("stub-422", Permanent, "rejected", None),
)
def test_each_fault_is_one_typed_error_after_one_call(stub, engine_for, piece, fault):
    check_fault(stub, fault, lambda model: engine_for(model, timeout=0.4).transcribe(piece))


@pytest.mark.parametrize("model", ["stub-429-once", "stub-500-once", "stub-html-once", "stub-reset-once"])
def test_the_next_attempt_after_a_passing_fault_succeeds(engine_for, piece, model):
    engine = engine_for(model)
    with pytest.raises(Transient):
        engine.transcribe(piece)
    assert engine.transcribe(piece).segments


def test_a_date_in_retry_after_is_understood(engine_for, piece):
    with pytest.raises(Transient) as caught:
        engine_for("stub-503").transcribe(piece)
    assert 0 < caught.value.retry_after <= 3600


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7.0),
        ("0.25", 0.25),
        ("-3", 0.0),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("999999999", LONGEST_WAIT),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_or_a_date_within_an_hour(value, expected):
    assert retry_after({"retry-after": value}, datetime(2026, 11, 20, 12, 0, tzinfo=UTC)) == expected


def test_a_closed_port_is_a_connection_error(engine_for, piece):
    with running_stub() as gone:
        address = gone.base_url
    with pytest.raises(Transient) as caught:
        engine_for("stub-verbose", transcribe_base_url=address).transcribe(piece)
    assert caught.value.code == "connection"


@pytest.mark.parametrize("key", ["key\u2014with a dash", "two\nlines"])
def test_a_key_that_cannot_be_sent_is_a_matter_for_the_administrator(stub, engine_for, piece, key):
    with pytest.raises(ConfigurationError):
        engine_for("stub-verbose", transcribe_api_key=key).transcribe(piece)
    assert stub.calls() == []


@pytest.mark.parametrize("address", ["127.0.0.1:8000/v1", "ftp://host/v1", "http:///v1"])
def test_a_broken_address_is_a_matter_for_the_administrator(engine_for, piece, address):
    with pytest.raises(ConfigurationError):
        engine_for("stub-verbose", transcribe_base_url=address).transcribe(piece)


def test_timestamps_are_relative_to_the_piece(engine_for, piece):
    transcribed = engine_for("stub-verbose").transcribe(piece)
    assert [segment.text for segment in transcribed.segments] == ["I slept better.", "What helped?"]
    assert [segment.start for segment in transcribed.segments] == pytest.approx([0.5, 2.8], abs=0.05)
    assert transcribed.segments[0].confidence == pytest.approx(0.8187, abs=0.001)
    assert transcribed.language == "en"


def test_segments_end_with_their_piece(engine_for, piece):
    shorter = Piece(0, 100.0, 103.0, piece.path)
    transcribed = engine_for("stub-verbose").transcribe(shorter)
    assert transcribed.segments[-1].end == 3.0


def test_provider_speakers_are_kept(stub, engine_for, piece):
    transcribed = engine_for("gpt-4o-transcribe-diarize").transcribe(piece)
    assert [segment.speaker for segment in transcribed.segments] == ["patient", "therapist"]
    assert "chunking_strategy" in stub.calls()[0]["fields"]


@pytest.mark.parametrize("model", ["gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe-2025-12-15"])
def test_a_text_only_model_gives_one_line_without_times(stub, engine_for, piece, model):
    transcribed = engine_for(model).transcribe(piece)
    assert [(segment.text, segment.start) for segment in transcribed.segments] == [
        ("I slept better. What helped?", None)
    ]
    assert [call["status"] for call in stub.calls()] == [200]


def test_a_model_that_turns_out_to_know_no_times_asks_for_utterances_and_is_remembered(stub, engine_for, piece):
    assert engine_for("stub-text").capability().has_timestamps
    with pytest.raises(NeedsUtterances):
        engine_for("stub-text").transcribe(piece)
    assert not engine_for("stub-text").capability().has_timestamps
    assert [segment.start for segment in engine_for("stub-text").transcribe(piece).segments] == [None]
    assert [call["status"] for call in stub.calls()] == [400, 200]


def test_threads_that_learn_it_together_all_ask_for_utterances(stub, engine_for, piece):
    engine, gate = engine_for("stub-text"), threading.Barrier(4)

    def hear() -> PieceText:
        gate.wait()
        return engine.transcribe(piece)

    with ThreadPoolExecutor(4) as pool:
        found = {type(future.exception()) for future in [pool.submit(hear) for _ in range(4)]}
    assert NeedsUtterances in found
    assert found <= {NeedsUtterances, type(None)}


def test_nothing_but_the_needed_fields_is_sent(stub, engine_for, piece):
    engine_for("stub-verbose").transcribe(piece, language="en")
    assert stub.calls()[0]["fields"] == ["file", "language", "model", "response_format"]
    assert stub.calls()[0]["path"] == AUDIO


def test_silence_has_no_segments(engine_for, tmp_path):
    silent = tone_piece(tmp_path / "silent.flac", (), 2.0)
    assert engine_for("stub-verbose").transcribe(silent).segments == []
    assert engine_for("gpt-transcribe").transcribe(silent).segments == []


def test_a_piece_too_short_for_a_word_has_no_segments(engine_for, tmp_path):
    tiny = tone_piece(tmp_path / "tiny.flac", (), 0.05)
    assert engine_for("stub-verbose").transcribe(tiny) == PieceText([])


@pytest.mark.parametrize(
    ("model", "response_format", "timestamps", "speakers"),
    [
        ("whisper-1", "verbose_json", True, False),
        ("gpt-4o-transcribe-diarize-2026", "diarized_json", True, True),
        ("gpt-4o-transcribe-2026", "json", False, False),
        ("gpt-transcribe", "json", False, False),
        ("large-v3", "verbose_json", True, False),
    ],
)
def test_the_longest_prefix_of_the_name_tells_the_capability(model, response_format, timestamps, speakers):
    found = known_capability(model)
    assert (found.response_format, found.has_timestamps, found.has_speakers) == (response_format, timestamps, speakers)
