"""Text that an engine invents where nobody speaks."""

import numpy as np
import pytest

from sessions_app.pipeline.audio.probe import probe
from sessions_app.pipeline.audio.silence import without_invented
from sessions_app.pipeline.audio.splitter import read_flac, split
from sessions_app.pipeline.types import Piece, PieceText, RawSegment
from sessions_app.tests.audio_files import RATE, room, speech, write


@pytest.fixture
def piece(tmp_path) -> Piece:
    """Six seconds of a room, three of speech, eleven of a room, in one chunk."""
    path = write(tmp_path / "a.wav", [np.concatenate([room(6), speech(3) + room(3), room(11)])])
    [piece] = split(path, probe(path, "a.wav"), tmp_path / "pieces", max_seconds=60, utterances=False).pieces
    return piece


def test_lines_in_a_silence_are_left_out_and_counted(piece):
    said = RawSegment("I slept badly.", 6.1, 8.8)
    invented = [RawSegment("Thanks for watching!", 0.5, 4.0), RawSegment("You", 14.0, 15.0)]
    heard = without_invented(PieceText([invented[0], said, invented[1]], "en", invented=1), piece)
    assert heard == PieceText([said], "en", invented=3)


@pytest.mark.parametrize("line", [RawSegment("Early", 4.0, 6.0), RawSegment("Late", 9.2, 10.0), RawSegment("No times")])
def test_lines_that_may_have_been_said_are_kept(piece, line):
    assert without_invented(PieceText([line]), piece).segments == [line]


def test_an_unmeasured_chunk_keeps_everything(tmp_path):
    line = RawSegment("Thanks for watching!", 0.5, 4.0)
    assert without_invented(PieceText([line]), Piece(0, 0, 5, tmp_path)).segments == [line]


def test_quiet_speech_is_amplified_and_silence_is_not(tmp_path):
    quiet = np.concatenate([room(6) * 0.02, speech(3) * 0.004, room(6) * 0.02])
    path = write(tmp_path / "a.wav", [quiet])
    [piece] = split(path, probe(path, "a.wav"), tmp_path / "pieces", max_seconds=60, utterances=False).pieces
    samples = read_flac(piece.path)[6 * RATE : 9 * RATE] / 32768
    assert -30 < 20 * np.log10(np.sqrt(np.square(samples).mean())) < -24
    silent = write(tmp_path / "b.wav", [room(6)])
    [piece] = split(silent, probe(silent, "b.wav"), tmp_path / "more", max_seconds=60, utterances=False).pieces
    assert np.abs(read_flac(piece.path)).max() < 150
