from pathlib import Path

import numpy as np
import pytest

from sessions_app.pipeline.engines.base import Permanent
from sessions_app.pipeline.engines.sphinx import SphinxTranscriber, _decoder, _lines
from sessions_app.pipeline.types import Piece, PieceText
from sessions_app.tests.tones import RATE, tone_piece, write_flac

pytestmark = pytest.mark.slow

SPOKEN = (
    Path(__file__).parents[2] / "tests" / "data" / "spoken.flac"
)  # synthetic voice: "and the breathing exercise helped me"


@pytest.fixture(autouse=True)
def fresh_decoder():
    _decoder.cache_clear()


def test_speech_becomes_words_with_times():
    transcribed = SphinxTranscriber().transcribe(Piece(0, 0.0, 2.85, SPOKEN))
    words = " ".join(segment.text for segment in transcribed.segments).split()
    assert {"breathing", "the"} <= set(words)
    assert not any(word.startswith(("<", "[")) or word.endswith(")") for word in words)
    times = [moment for segment in transcribed.segments for moment in (segment.start, segment.end)]
    assert times == sorted(times)
    assert times[-1] <= 2.9


@pytest.mark.parametrize("seconds", [0.0, 2.0])
def test_silence_has_no_words(tmp_path, seconds):
    write_flac(tmp_path / "silence.flac", np.zeros(max(int(seconds * RATE), 1), dtype=np.int16))
    transcribed = SphinxTranscriber().transcribe(Piece(0, 0.0, seconds, tmp_path / "silence.flac"))
    assert transcribed == PieceText([], "en")


def test_the_decoder_still_hears_after_a_strange_piece(tmp_path):
    SphinxTranscriber().transcribe(tone_piece(tmp_path / "tone.flac"))
    transcribed = SphinxTranscriber().transcribe(Piece(0, 0.0, 2.85, SPOKEN))
    assert transcribed.segments


def test_a_damaged_piece_is_rejected(tmp_path):
    path = tmp_path / "piece.flac"
    path.write_bytes(b"not audio at all")
    with pytest.raises(Permanent) as caught:
        SphinxTranscriber().transcribe(Piece(0, 0.0, 1.0, path))
    assert caught.value.code == "rejected"


def test_a_pause_begins_a_new_line():
    lines = _lines([("how", 0.1, 0.3), ("are", 0.35, 0.5), ("fine", 1.2, 1.5)])
    assert [(line.text, line.start, line.end) for line in lines] == [("how are", 0.1, 0.5), ("fine", 1.2, 1.5)]


def test_it_wants_utterances():
    assert not SphinxTranscriber().capability().has_timestamps
