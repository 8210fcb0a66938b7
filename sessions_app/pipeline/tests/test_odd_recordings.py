"""Recordings whose headers are wrong, that hold several recordings or tracks, or come in rarer formats."""

import contextlib
import re
import tracemalloc

import av
import numpy as np
import pytest

from sessions_app.pipeline.audio.player import playable
from sessions_app.pipeline.audio.probe import probe
from sessions_app.pipeline.audio.splitter import split
from sessions_app.tests.audio_files import ENCODINGS, RATE, room, speech, tone
from sessions_app.tests.odd_audio_files import (
    SECONDS,
    WAVS,
    encoded,
    film_box,
    telephone,
    wav,
    with_tracks,
)
from therapybridge.core.errors import DomainError

pytestmark = pytest.mark.slow


@pytest.fixture
def read(tmp_path):
    """Take in a file: the probe's result, the split, and the seconds that the player's file holds."""

    def run(content):
        path = content if hasattr(content, "exists") else tmp_path / "upload"
        if path is not content:
            path.write_bytes(content)
        info = probe(path, path.name)
        result = split(path, info, tmp_path / "pieces", max_seconds=480, utterances=False)
        copy = playable(path, info, result, tmp_path)
        return info, result, copy

    return run


def seconds_of(copy) -> float:
    with av.open(str(copy), format=copy.suffix.lstrip(".").replace("webm", "matroska")) as source:
        return sum(frame.samples / frame.sample_rate for frame in source.decode(audio=0))


def refusal(path) -> tuple[str, str]:
    with pytest.raises(DomainError) as caught:
        probe(path, "session.wav")
    return caught.value.code, caught.value.detail


@pytest.mark.parametrize("kind", WAVS)
def test_a_wav_has_the_length_of_its_sound_whatever_its_header_says(read, kind):
    info, result, copy = read(WAVS[kind]())
    assert info.duration == pytest.approx(SECONDS, abs=0.05)
    assert result.duration == pytest.approx(SECONDS, abs=0.05)
    assert np.mean(result.peaks) == pytest.approx(np.mean(read(wav())[1].peaks), abs=0.02)
    assert result.warnings == []
    assert copy is None or seconds_of(copy) == pytest.approx(SECONDS, abs=0.05)


def test_a_plain_wav_is_played_as_it_is_and_one_with_a_wrong_length_from_a_copy(read):
    assert read(wav())[2] is None
    assert read(wav(length=0xFFFFFFFF))[2].name == "player.flac"


def test_a_copy_that_is_no_longer_wanted_ends_between_its_blocks_and_leaves_no_file(read, tmp_path):
    info, result, copy = read(wav(length=0xFFFFFFFF))
    copy.unlink()
    with pytest.raises(ZeroDivisionError):
        playable(tmp_path / "upload", info, result, tmp_path, lambda: 1 / 0)
    assert not list(tmp_path.glob("player.*"))


def test_a_wav_that_was_cut_says_how_much_is_missing_and_the_player_has_the_rest(read):
    whole = wav()
    info, result, copy = read(whole[: 44 + RATE * 2 * 2])
    assert info.duration == pytest.approx(SECONDS)
    assert result.warnings == ["Only 2 of 6 seconds could be read."]
    assert seconds_of(copy) == pytest.approx(2, abs=0.02)


def test_a_few_bytes_behind_a_wav_are_no_sound(read):
    assert read(wav() + b"\x8f\xff\x01" * 900)[1].duration == pytest.approx(SECONDS, abs=0.01)


@pytest.mark.parametrize("codec", ["pcm_alaw", "pcm_mulaw", "adpcm_ms", "adpcm_ima_wav"])
def test_telephone_codecs_in_a_wav_are_read_and_copied_for_the_player(read, tmp_path, codec):
    info, result, copy = read(telephone(tmp_path / "a.wav", codec))
    assert (info.codec, result.duration) == (codec, pytest.approx(SECONDS, abs=0.2))
    assert copy is not None
    assert seconds_of(copy) == pytest.approx(result.duration, abs=0.01)


GLUED = [kind for kind in ENCODINGS if kind != "mpeg"]


@pytest.mark.parametrize("seconds", [3, 8])
@pytest.mark.parametrize("kind", GLUED)
def test_two_recordings_in_one_file_are_both_read_and_played(read, tmp_path, kind, seconds):
    glued = encoded(tmp_path, kind, 4) + encoded(tmp_path, kind, seconds)
    info, result, copy = read(glued)
    assert info.duration == pytest.approx(4 + seconds, abs=0.4)
    assert result.duration == pytest.approx(4 + seconds, abs=0.4)
    assert np.mean(result.peaks) > 0.4
    assert result.warnings == []
    assert seconds_of(copy) == pytest.approx(result.duration, abs=0.01)


def test_a_program_stream_whose_clock_restarts_is_read_to_its_end(read, tmp_path):
    _, result, copy = read(encoded(tmp_path, "mpeg", 4) + encoded(tmp_path, "mpeg", 3))
    assert result.duration == pytest.approx(7, abs=0.1)
    assert result.warnings == []
    assert seconds_of(copy) == pytest.approx(result.duration, abs=0.01)


@pytest.mark.parametrize("kind", ["browser.webm", "m4a", "flac"])
def test_a_second_recording_that_is_damaged_counts_as_missing(read, tmp_path, kind):
    second = encoded(tmp_path, kind, 4)
    damaged = second[:700] + b"\xff" * (len(second) - 700)
    _, result, copy = read(encoded(tmp_path, kind, 4) + damaged)
    assert re.match(r"Only 4 of [6-9] seconds could be read\.", result.warnings[0])
    assert seconds_of(copy) == pytest.approx(result.duration, abs=0.01)


def test_more_recordings_than_anybody_makes_are_refused(tmp_path):
    path = tmp_path / "a.flac"
    path.write_bytes((b"fLaC\0\0\0\x22" + bytes(2000)) * 102)
    assert refusal(path) == ("too_many_parts", "The file holds more than 100 recordings.")


def test_a_browser_webm_is_copied_without_loss_into_one_that_can_be_seeked(read, tmp_path):
    _, result, copy = read(encoded(tmp_path, "browser.webm"))
    assert (copy.name, copy.stat().st_mode & 0o777) == ("player.webm", 0o600)
    with av.open(str(copy), format="matroska") as container:
        assert container.duration / 1e6 == pytest.approx(result.duration, abs=0.15)
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("kind", ["webm", "mp3", "safari.mp4", "m4a", "flac", "opus", "ogg"])
def test_what_browsers_play_and_seek_in_is_not_copied(read, tmp_path, kind):
    assert read(encoded(tmp_path, kind))[2] is None


@pytest.mark.parametrize("kind", ["amr", "3gp", "aiff", "caf", "mkv", "wma", "mpeg", "mpga", "aac"])
def test_what_browsers_do_not_play_is_copied_as_flac(read, tmp_path, kind):
    _, result, copy = read(encoded(tmp_path, kind))
    assert (copy.name, seconds_of(copy)) == ("player.flac", pytest.approx(result.duration, abs=0.001))
    assert result.duration == pytest.approx(SECONDS, abs=0.2)


@pytest.mark.parametrize("promise", [(20, 3000), (20, None), (9999, None)], ids=["less", "fewer frames", "more frames"])
def test_an_mp3_whose_header_promises_something_else_is_read_to_its_end(read, tmp_path, promise):
    content = encoded(tmp_path, "mp3")
    at = max(content.find(b"Xing"), content.find(b"Info")) + 8
    frames, size = promise
    sizes = frames.to_bytes(4, "big") + (size.to_bytes(4, "big") if size else content[at + 4 : at + 8])
    info, result, copy = read(content[:at] + sizes + content[at + 8 :])
    assert info.duration == pytest.approx(SECONDS, abs=0.15)
    assert (result.duration, result.warnings) == (pytest.approx(SECONDS, abs=0.15), [])
    assert seconds_of(copy) == pytest.approx(result.duration, abs=0.001)


def test_an_mp3_without_any_length_is_read_to_its_end(read, tmp_path):
    content = encoded(tmp_path, "mp3").replace(b"Info", b"\0\0\0\0").replace(b"Xing", b"\0\0\0\0")
    info, result, _ = read(content)
    assert info.duration == pytest.approx(SECONDS, abs=0.15)
    assert (result.duration, result.warnings) == (pytest.approx(SECONDS, abs=0.15), [])


@pytest.mark.parametrize("kind", ["mp3", "webm", "flac", "aiff"])
def test_half_a_file_whose_header_has_the_length_says_what_is_missing(read, tmp_path, kind):
    content = encoded(tmp_path, kind)
    _, result, copy = read(content[: len(content) // 2])
    assert re.fullmatch(r"Only [23] of 6 seconds could be read\.", *result.warnings)
    assert seconds_of(copy) == pytest.approx(result.duration, abs=0.001)


@pytest.mark.parametrize("kind", ["aac", "amr", "browser.webm", "safari.mp4"])
def test_half_a_file_without_any_length_is_taken_as_it_is(read, tmp_path, kind):
    content = encoded(tmp_path, kind)
    info, result, _ = read(content[: len(content) // 2])
    assert info.duration == pytest.approx(result.duration, abs=0.1)
    assert result.warnings == []


def test_bytes_behind_the_last_box_are_no_matter(read, tmp_path):
    content = encoded(tmp_path, "m4a")
    for behind in (
        film_box(b"free", bytes(9000)),
        film_box(b"mdat", bytes(9000)),
        b"\0" * 5000,
        b"\x9c\x03\xe1" * 2000,
    ):
        _, result, copy = read(content + behind)
        assert (result.duration, result.warnings, copy) == (pytest.approx(SECONDS, abs=0.15), [], None)


SILENT = room(SECONDS)
BEEPS = np.concatenate([np.append(tone(0.5), np.zeros(RATE // 2))] * SECONDS) + room(SECONDS, seed=3)
NOTHING = np.zeros(0)


def talk(seed: int) -> np.ndarray:
    """Six seconds, with speech in the middle four."""
    return np.concatenate([np.zeros(RATE), speech(4, seed=seed), np.zeros(RATE)]) + room(SECONDS, seed=seed)


@pytest.mark.parametrize("other", [SILENT, BEEPS, NOTHING], ids=["silent", "beeps", "empty"])
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(("container", "codec"), [("mp4", "aac"), ("matroska", "libopus")])
def test_the_track_with_speech_is_read(read, tmp_path, other, is_first, container, codec):
    tracks = [talk(1), other] if is_first else [other, talk(1)]
    _, result, copy = read(with_tracks(tmp_path / "a", tracks, container, codec))
    assert result.speech_seconds == pytest.approx(4, abs=0.5)
    assert result.tonal_share < 0.5
    assert result.warnings == []
    assert copy is None or seconds_of(copy) == pytest.approx(result.duration, abs=0.001)


def test_speech_in_another_track_is_never_left_out_silently(read, tmp_path):
    _, result, _ = read(with_tracks(tmp_path / "a.mp4", [talk(1), SILENT, talk(2)]))
    assert re.fullmatch(r"Only sound track [13] was used; speech in sound track [13] was left out\.", *result.warnings)


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c" + bytes(14)
         + b"\xfb\xb3\x11\x22\x23\xbd\xd2\x11\xb4\xb7\x00\xa0\xc9\x55\xfc\x6e", "Windows Media Audio with protection"),
        (b"\x03ds2", "a dictation in DS2"),
        (b"ADIF", "AAC in the old form ADIF"),
        (b"#!AMR_MC1.0\n", "AMR with several channels"),
        ((b"\x47" + bytes(187)) * 6, "an MPEG transport stream"),
    ],
)  # fmt: skip
def test_a_recording_that_is_not_read_is_named(tmp_path, start, name):
    path = tmp_path / "a"
    path.write_bytes(start + bytes(4000))
    code, detail = refusal(path)
    assert code == "unsupported_recording"
    assert detail == f"This is {name}, which cannot be read here. Please export the recording as MP3, M4A or WAV."


def test_a_codec_that_is_not_read_is_named(tmp_path):
    code, detail = refusal(telephone(tmp_path / "a.mkv", "wavpack", "matroska", 48_000))
    assert code == "unsupported_recording"
    assert "WavPack" in detail


HOSTILE = {
    "a million empty WAV chunks": lambda: b"RIFF\xff\xff\xff\xffWAVE" + b"JUNK\0\0\0\0" * 200_000,
    "a million empty boxes": lambda: film_box(b"ftyp", b"isom") + film_box(b"free") * 200_000,
    "a box as long as 64 bits allow": lambda: film_box(b"ftyp", b"isom", length=1) + b"\xff" * 4000,
    "boxes in boxes": lambda: (
        film_box(b"ftyp", b"isom") + film_box(b"moov", film_box(b"trak", length=0x7FFFFFFF) * 50_000)
    ),
    "a million starts of WebM": lambda: b"\x1a\x45\xdf\xa3\x80\x42\x82\x84webm" * 200_000,
    "a WAV in which every size overflows": lambda: (
        wav(length=0xFFFFFFF0, riff_length=1)[:2000] + b"data\xff\xff\xff\xff" * 90_000
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_structures_cost_little_memory_and_end(tmp_path, kind):
    path = tmp_path / "a"
    path.write_bytes(HOSTILE[kind]())
    tracemalloc.start()
    with contextlib.suppress(DomainError):
        probe(path, "a")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000
