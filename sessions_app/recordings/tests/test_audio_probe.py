"""The check of uploads: accepted recordings, and typed errors for everything else."""

import os
import struct
from pathlib import Path

import pytest

from sessions_app.pipeline.audio.probe import probe
from sessions_app.tests.audio_files import ENCODINGS, RATE, dialogue, room, speech, write, write_film
from therapybridge.core.errors import DomainError

FORMATS = {
    "mp3": ("mp3", "audio/mpeg"),
    "wav": ("wav", "audio/wav"),
    "m4a": ("m4a", "audio/mp4"),
    "mp4": ("m4a", "audio/mp4"),
    "safari.mp4": ("m4a", "audio/mp4"),
    "mpeg": ("mpeg", "video/mpeg"),
    "mpga": ("mp3", "audio/mpeg"),
    "webm": ("webm", "audio/webm"),
    "browser.webm": ("webm", "audio/webm"),
    "ogg": ("opus", "audio/ogg"),
    "opus": ("opus", "audio/ogg"),
    "flac": ("flac", "audio/flac"),
    "aac": ("aac", "audio/aac"),
    "amr": ("amr", "audio/amr"),
    "3gp": ("m4a", "audio/mp4"),
    "aiff": ("aiff", "audio/aiff"),
    "caf": ("caf", "audio/x-caf"),
    "mov": ("m4a", "audio/mp4"),
    "mkv": ("mkv", "video/x-matroska"),
    "wma": ("wma", "audio/x-ms-wma"),
}


def refusal(path: Path, client_name: str = "session.mp3") -> tuple[str, int]:
    with pytest.raises(DomainError) as caught:
        probe(path, client_name)
    return caught.value.code, caught.value.status


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


@pytest.fixture
def recorded(tmp_path):
    """Write three seconds of speech in a format, with a neutral file name."""
    return lambda kind, **options: write(tmp_path / "upload", [speech(3)], kind, **options)


@pytest.mark.parametrize("kind", ENCODINGS)
def test_every_accepted_format_is_described_from_its_bytes(recorded, kind):
    info = probe(recorded(kind), "notes.txt")
    assert (info.format, info.mime) == FORMATS[kind]
    assert info.channels == 1
    assert info.duration == pytest.approx(3, abs=0.15)


def test_the_sound_of_a_film_is_accepted_and_kept_as_a_film(recorded):
    info = probe(recorded("mp4", with_film=True), "session.mp4")
    assert (info.format, info.mime, info.codec) == ("mp4", "video/mp4", "aac")


def test_a_cover_picture_tag_of_any_size_does_not_hide_an_mp3(recorded, tmp_path):
    size = 300_000
    tag = b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + bytes(size)
    assert probe(stored(tmp_path, tag + recorded("mp3").read_bytes()), "a.mp3").format == "mp3"


def test_an_mp3_without_a_length_in_its_header_is_measured(recorded, tmp_path):
    content = recorded("mp3").read_bytes()
    bare = stored(tmp_path, content.replace(b"Info", b"\0\0\0\0").replace(b"Xing", b"\0\0\0\0"))
    assert probe(bare, "a.mp3").duration == pytest.approx(3, abs=0.15)


def test_a_flac_without_a_length_in_its_header_is_measured(recorded, tmp_path):
    assert probe(flac_of(recorded, tmp_path, samples=0), "a.flac").duration == pytest.approx(3, abs=0.15)


def flac_of(recorded, folder: Path, samples: int) -> Path:
    content = bytearray(recorded("flac").read_bytes())
    packed = int.from_bytes(content[18:26], "big") >> 36 << 36 | samples
    content[18:26] = packed.to_bytes(8, "big")
    return stored(folder, bytes(content))


def test_an_empty_file_is_told_from_a_small_one(tmp_path):
    assert refusal(stored(tmp_path, b"")) == ("empty", 422)
    assert refusal(stored(tmp_path, b"RIFF\0\0\0\0WAVE")) == ("too_small", 422)


@pytest.mark.parametrize(
    "content",
    [
        b"Just some notes about the session.\n" * 60,
        "Notes with a byte order mark".encode("utf-16") * 60,
        b"<html><body>" + b"<p>Hello</p>" * 200,
        b"PK\x03\x04" + os.urandom(4000),
        b"#!/bin/sh\nrm -rf /\n" + b"# padding\n" * 200,
        b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1/secret.mp3\n" + b"# padding\n" * 200,
        b"ffconcat version 1.0\nfile neighbour.wav\n" + b"# padding\n" * 200,
        b"%PDF-1.7\n" + os.urandom(4000),
        b"\xff\xfb\x90\x00" + bytes(4000),
        bytes(4000),
    ],
    ids=["text", "utf16", "html", "zip", "script", "playlist", "ffconcat", "pdf", "one-frame-header", "zeros"],
)
def test_content_that_is_no_recording_is_refused_whatever_its_name(tmp_path, content):
    assert refusal(stored(tmp_path, content)) == ("not_audio", 415)


def test_the_refusal_names_the_contradiction_but_not_the_file(tmp_path):
    with pytest.raises(DomainError, match=r"named \.mp3") as caught:
        probe(stored(tmp_path, b"text" * 500), "../../Jane Doe.mp3")
    assert "Jane" not in caught.value.detail


@pytest.mark.parametrize(
    "start",
    [b"fLaC", b"OggS", b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", b"RIFF\0\x10\0\0WAVE", b"\0\0\x01\xba"],
    ids=["flac", "ogg", "webm", "wav", "mpeg"],
)
def test_noise_behind_a_good_first_line_is_unreadable(tmp_path, start):
    noise = (start + b"\x9c\x03\xe1" * 2000)[:5000]
    assert refusal(stored(tmp_path, noise)) == ("unreadable", 422)


def test_a_film_without_sound_is_refused(tmp_path):
    assert refusal(write_film(tmp_path / "upload")) == ("no_audio", 422)


def test_an_mp4_without_its_index_is_truncated(recorded, tmp_path):
    content = recorded("m4a").read_bytes()
    assert content.rindex(b"moov") > len(content) / 2
    assert refusal(stored(tmp_path, content[: len(content) // 2])) == ("truncated", 422)
    assert refusal(stored(tmp_path, content[:-100])) == ("truncated", 422)


def test_fifty_hours_of_flac_are_refused_from_the_header(recorded, tmp_path):
    assert refusal(flac_of(recorded, tmp_path, samples=50 * 3600 * 44_100)) == ("too_long", 422)


def test_a_length_hidden_from_the_header_is_found_in_the_packets(recorded):
    def delayed(index, packet):
        packet.pts = packet.dts = packet.pts + (5 * 3600 * packet.time_base.denominator if index > 100 else 0)
        return packet

    assert refusal(recorded("browser.webm", tamper=delayed)) == ("too_long", 422)


def test_too_many_channels_are_refused(tmp_path):
    channels = 12
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 48_036, b"WAVE", b"fmt ", 16, 1, channels, RATE,
                         RATE * channels * 2, channels * 2, 16, b"data", 48_000)  # fmt: skip
    assert refusal(stored(tmp_path, header + os.urandom(48_000))) == ("too_many_channels", 422)


@pytest.mark.parametrize("rate", [1, 4_000_000])
def test_an_absurd_sample_rate_is_refused_before_anything_is_resampled(tmp_path, rate):
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 48_036, b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16,
                         b"data", 48_000)  # fmt: skip
    assert refusal(stored(tmp_path, header + os.urandom(48_000)))[0] in {"unreadable", "too_long"}


def test_stereo_is_described_as_two_channels(tmp_path):
    tracks, _ = dialogue(2)
    assert probe(write(tmp_path / "a.flac", tracks), "a.flac").channels == 2


def test_a_quiet_recording_is_no_matter_of_the_probe(tmp_path):
    assert probe(write(tmp_path / "a.wav", [room(2)]), "a.wav").duration == pytest.approx(2)
