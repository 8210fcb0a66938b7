"""Splitting audio: chunks, clock, warnings, clean-up and memory."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

from sessions_app.pipeline.audio.decode import Decoder
from sessions_app.pipeline.audio.probe import probe
from sessions_app.pipeline.audio.splitter import read_flac, split
from sessions_app.pipeline.types import AudioInfo
from sessions_app.tests.audio_files import ENCODINGS, RATE, damage_packets, dialogue, room, speech, tone, write
from therapybridge.core.errors import DomainError

pytestmark = pytest.mark.slow


@pytest.fixture
def cut(tmp_path):
    """Probe and split a file into tmp_path/pieces."""

    def run(path, *, max_seconds=480.0, utterances=False, on_progress=None):
        info = probe(path, path.name)
        out = tmp_path / "pieces"
        return split(path, info, out, max_seconds=max_seconds, utterances=utterances, on_progress=on_progress)

    return run


@pytest.fixture
def talk():
    """Eight turns of 2 s with 0.8 s between them, mixed to one track."""
    tracks, truth = dialogue(8)
    return sum(tracks), truth


@pytest.mark.parametrize("kind", ENCODINGS)
def test_utterances_are_found_where_they_are_in_every_format(tmp_path, cut, talk, kind):
    samples, truth = talk
    result = cut(write(tmp_path / "upload", [samples], kind), utterances=True)
    found = [(piece.start, piece.end) for piece in result.pieces]
    assert found == [(pytest.approx(start, abs=0.22), pytest.approx(end, abs=0.22)) for start, end, _ in truth]
    assert result.speech_seconds == pytest.approx(16, abs=1.5)
    assert result.warnings == []


def test_pieces_tile_the_recording_and_are_cut_in_the_pauses(tmp_path, cut, talk):
    samples, truth = talk
    result = cut(write(tmp_path / "a.wav", [samples]), max_seconds=8)
    assert (result.pieces[0].start, result.pieces[-1].end) == (0, result.duration)
    assert all(before.end == after.start for before, after in pairwise(result.pieces))
    assert all(piece.end - piece.start <= 8 for piece in result.pieces)
    assert not [p for p in result.pieces[:-1] for start, end, _ in truth if start < p.end < end]


def test_pieces_hold_the_samples_of_their_span_as_private_16_khz_flac(tmp_path, cut, talk):
    samples, _ = talk
    result = cut(write(tmp_path / "a.wav", [samples]), max_seconds=8)
    joined = np.concatenate([read_flac(piece.path) for piece in result.pieces])
    assert np.abs(joined / 32767 - samples).max() < 0.001
    assert {piece.path.stat().st_mode & 0o777 for piece in result.pieces} == {0o600}


def test_utterances_closer_than_the_limit_share_a_piece_of_at_most_25_seconds(tmp_path, cut):
    tracks, truth = dialogue(20, gap=0.5)
    result = cut(write(tmp_path / "a.wav", [sum(tracks)]), utterances=True)
    assert max(piece.end - piece.start for piece in result.pieces) <= 25
    assert 2 <= len(result.pieces) <= 4
    assert result.pieces[-1].end == pytest.approx(truth[-1][1], abs=0.2)


def test_speech_without_any_pause_is_still_cut(tmp_path, cut):
    samples = np.concatenate([room(1), speech(70) + room(70), room(1)])
    for utterances, longest in ((True, 25), (False, 30)):
        result = cut(write(tmp_path / "a.wav", [samples]), max_seconds=30, utterances=utterances)
        assert max(piece.end - piece.start for piece in result.pieces) <= longest
        assert sum(piece.end - piece.start for piece in result.pieces) > 69


def test_an_utterance_is_whole_wherever_the_listening_window_ends(tmp_path, cut):
    tracks, truth = dialogue(48)
    result = cut(write(tmp_path / "a.wav", [sum(tracks)]), utterances=True)
    assert [(piece.start, piece.end) for piece in result.pieces] == [
        (pytest.approx(start, abs=0.22), pytest.approx(end, abs=0.22)) for start, end, _ in truth
    ]


def test_a_muted_microphone_says_nothing_about_the_room(tmp_path, cut, talk):
    samples, truth = talk
    muted = np.concatenate([samples + room(samples.size / RATE, seed=9) * 10, np.zeros(20 * RATE)])
    result = cut(write(tmp_path / "a.wav", [muted]), utterances=True)
    assert len(result.pieces) == len(truth)


def test_a_long_silence_ends_up_in_no_utterance(tmp_path, cut):
    samples = np.concatenate([room(100), speech(2) + room(2), room(100), speech(2) + room(2), room(70)])
    result = cut(write(tmp_path / "a.wav", [samples]), utterances=True)
    assert [piece.start for piece in result.pieces] == [pytest.approx(100, abs=0.2), pytest.approx(202, abs=0.2)]
    assert result.duration == pytest.approx(274, abs=0.01)


def test_holes_in_the_time_stamps_become_silence(tmp_path, cut, talk):
    samples, truth = talk

    def later(index, packet):
        packet.pts = packet.dts = packet.pts + (30 * packet.time_base.denominator if index > 550 else 0)
        return packet

    result = cut(write(tmp_path / "a", [samples], "webm", tamper=later), utterances=True)
    assert result.duration == pytest.approx(samples.size / RATE + 30, abs=0.3)
    assert result.pieces[-1].start == pytest.approx(truth[-1][0] + 30, abs=0.2)
    assert result.warnings == ["Only 23 of 53 seconds could be read."]


def test_pauses_left_out_by_a_voice_codec_are_no_loss(tmp_path, cut, talk):
    samples, truth = talk

    def dropped(index, packet):
        return None if 0.1 < (index * 0.02) % 2.8 < 0.7 else packet

    result = cut(write(tmp_path / "a", [samples], "webm", tamper=dropped), utterances=True)
    assert result.duration == pytest.approx(samples.size / RATE, abs=0.1)
    assert [piece.start for piece in result.pieces] == [pytest.approx(start, abs=0.25) for start, _, _ in truth]
    assert result.warnings == []


def test_half_a_wav_is_used_with_a_warning(tmp_path, cut, talk):
    path = write(tmp_path / "a.wav", [np.tile(talk[0], 8)])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    result = cut(path)
    assert result.duration == pytest.approx(result.declared / 2, abs=0.1)
    assert result.warnings == ["Only 1 of 3 minutes could be read."]


def test_a_wav_of_unknown_length_carries_no_warning(tmp_path, cut, talk):
    path = write(tmp_path / "a.wav", [talk[0]])
    content = bytearray(path.read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert cut(path).warnings == []


def test_a_third_of_bad_packets_is_refused_and_leaves_nothing(tmp_path, cut, talk):
    path = damage_packets(write(tmp_path / "a.m4a", [talk[0]]), "mov", every=3)
    with pytest.raises(DomainError) as caught:
        cut(path, utterances=True)
    assert (caught.value.code, caught.value.status) == ("unreadable", 422)
    assert list((tmp_path / "pieces").iterdir()) == []


def test_a_few_bad_packets_do_not_move_the_clock(tmp_path, cut, talk):
    samples, truth = talk
    path = damage_packets(write(tmp_path / "a.m4a", [samples]), "mov", every=12)
    result = cut(path, utterances=True)
    assert result.duration == pytest.approx(samples.size / RATE, abs=0.2)
    assert result.pieces[-1].end == pytest.approx(truth[-1][1], abs=0.25)


def test_a_film_loses_nothing_of_its_sound(tmp_path, cut, talk):
    result = cut(write(tmp_path / "a.mp4", [talk[0]], with_film=True), utterances=True)
    assert len(result.pieces) == 8


def test_a_stream_glued_to_another_is_read_to_its_end(tmp_path, cut, talk):
    path = write(tmp_path / "a.ogg", [talk[0]])
    path.write_bytes(path.read_bytes() * 2)
    assert cut(path, utterances=True).duration == pytest.approx(2 * talk[0].size / RATE, abs=0.2)


def test_a_time_stamp_that_points_days_ahead_is_not_believed(tmp_path, talk):
    def leap(index, packet):
        ahead = 86_400 * 5 if index > 400 else 0
        packet.pts = packet.dts = packet.pts + ahead * packet.time_base.denominator
        return None if 700 < index <= 750 else packet

    path = write(tmp_path / "a", [talk[0]], "webm", tamper=leap)
    decoder = Decoder(path, AudioInfo("webm", "audio/webm", "opus", 1, 48_000, 23.2))
    assert sum(len(block) for block in decoder) / RATE == pytest.approx(talk[0].size / RATE, abs=0.2)


def test_more_than_four_hours_are_refused_even_when_the_header_says_less(tmp_path, cut, monkeypatch):
    path = write(tmp_path / "a.wav", [speech(70)])
    monkeypatch.setattr("sessions_app.pipeline.audio.decode.MAX_SECONDS", 5)
    with pytest.raises(DomainError, match="longer") as caught:
        cut(path, max_seconds=20)
    assert caught.value.code == "too_long"
    assert list((tmp_path / "pieces").iterdir()) == []


def test_progress_rises_to_one(tmp_path, cut, talk):
    reports = []
    cut(write(tmp_path / "a.wav", [talk[0]]), on_progress=reports.append)
    assert reports[-1] == 1
    assert reports == sorted(reports)
    assert 0 < reports[0] < 1


def test_cancelling_leaves_no_piece(tmp_path, cut, talk):
    class Cancelled(BaseException):
        pass

    def cancel(done):
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        cut(write(tmp_path / "a.wav", [talk[0]]), max_seconds=5, on_progress=cancel)
    assert list((tmp_path / "pieces").iterdir()) == []


def test_pieces_of_a_killed_attempt_are_replaced(tmp_path, cut, talk):
    path = write(tmp_path / "a.wav", [talk[0]])
    first = cut(path, max_seconds=4)
    second = cut(path, max_seconds=10)
    assert len(second.pieces) < len(first.pieces)
    assert sorted((tmp_path / "pieces").iterdir()) == [piece.path for piece in second.pieces]


def test_the_waveform_has_400_values_that_follow_the_loudness(tmp_path, cut):
    samples = np.concatenate([room(10), speech(10) + room(10), room(10)])
    peaks = np.array(cut(write(tmp_path / "a.wav", [samples])).peaks)
    assert peaks.size == 400
    assert peaks.max() == 1
    assert peaks[:130].max() < 0.05 < peaks[136:264].mean()


def test_a_silent_recording_is_drawn_flat(tmp_path, cut):
    assert max(cut(write(tmp_path / "a.wav", [room(5)])).peaks) < 0.3


def test_memory_stays_flat_whatever_the_length(tmp_path, cut):
    path = write(tmp_path / "a.wav", [np.tile(speech(10) * 0.5, 30)])
    tracemalloc.start()
    result = cut(path, max_seconds=30)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result.duration == pytest.approx(300)
    assert peak < 5_000_000 < 300 * RATE * 2


@pytest.mark.parametrize("kind", ["wav", "m4a", "opus"])
def test_each_channel_with_its_own_speaker_is_kept_as_a_balance(tmp_path, cut, kind):
    tracks, truth = dialogue(6)
    balance = cut(write(tmp_path / "a", tracks, kind)).channel_balance
    middles = [balance[int((start + end) * 5)] for start, end, _ in truth]
    assert [middle > 0 for middle in middles] == [who == 0 for _, _, who in truth]


def test_stereo_with_the_same_sound_on_both_sides_tells_nothing(tmp_path, cut, talk):
    assert cut(write(tmp_path / "a.wav", [talk[0], talk[0] * 0.9])).channel_balance is None
    assert cut(write(tmp_path / "b.wav", [talk[0]])).channel_balance is None


def test_channels_in_opposite_phase_do_not_cancel_out(tmp_path, cut, talk):
    assert len(cut(write(tmp_path / "a.wav", [talk[0], -talk[0]]), utterances=True).pieces) == 8


def test_a_constant_offset_hides_no_speech(tmp_path, cut, talk):
    assert len(cut(write(tmp_path / "a.wav", [talk[0] + 0.2]), utterances=True).pieces) == 8


def test_a_tone_is_told_from_speech(tmp_path, cut, talk):
    beeps = np.concatenate([np.append(tone(0.6), np.zeros(RATE // 2)) for _ in range(10)])
    assert cut(write(tmp_path / "a.wav", [beeps + room(11)])).tonal_share > 0.9
    assert cut(write(tmp_path / "b.wav", [talk[0]])).tonal_share < 0.5
