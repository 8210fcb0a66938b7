"""Recordings as recorders, phones and editors leave them: wrong lengths, odd chunks, several recordings in a file."""

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from sessions_app.tests.audio_files import RATE, speech, write

SECONDS = 6
COMMENT = b"INFOICMT\x18\0\0\0the data of room 2, 2026\0"


def samples(seconds: float = SECONDS) -> bytes:
    return (speech(seconds) * 32767).astype("<i2").tobytes()


def fmt(tag: int = 1, bits: int = 16, extra: bytes = b"", rate: int = RATE) -> bytes:
    block = bits // 8
    return struct.pack("<HHIIHH", tag, 1, rate, rate * block, block, bits) + extra


def chunk(name: bytes, body: bytes, *, length: int | None = None, padded: bool = True) -> bytes:
    size = len(body) if length is None else length
    return name + struct.pack("<I", size) + body + (b"\0" if padded and len(body) % 2 else b"")


def riff(*chunks: bytes, magic: bytes = b"RIFF", length: int | None = None) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return magic + struct.pack("<I", len(body) if length is None else length) + body


def wav(*before: bytes, length: int | None = None, behind: bytes = b"", riff_length: int | None = None) -> bytes:
    return riff(chunk(b"fmt ", fmt()), *before, chunk(b"data", samples(), length=length), behind, length=riff_length)


def _extensible(tag: int, bits: int) -> bytes:
    guid = struct.pack("<H", tag) + b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"
    return fmt(0xFFFE, bits, struct.pack("<HHI", 22, bits, 4) + guid)


def _as_24_bit() -> bytes:
    wide = np.frombuffer(samples(), "<i2").astype("<i4") << 8
    return wide.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def _as_float() -> bytes:
    return speech(SECONDS).astype("<f4").tobytes()


def _sixty_four(magic: bytes) -> bytes:
    sizes = chunk(b"ds64", struct.pack("<QQQI", 0, len(samples()), 0, 0))
    return riff(sizes, chunk(b"fmt ", fmt()), chunk(b"data", samples(), length=0xFFFFFFFF), COMMENT_CHUNK, magic=magic,
                length=0xFFFFFFFF)  # fmt: skip


COMMENT_CHUNK = chunk(b"LIST", COMMENT)
# All hold SECONDS of speech.
WAVS: dict[str, Callable[[], bytes]] = {
    "the word data in a comment": lambda: wav(COMMENT_CHUNK),
    "an odd chunk with its pad byte": lambda: wav(chunk(b"bext", b"data" + bytes(597))),
    "an odd chunk without its pad byte": lambda: wav(chunk(b"bext", b"data" + bytes(597), padded=False)),
    "two odd chunks without pad bytes": lambda: wav(*[chunk(b"xyz ", b"abc", padded=False)] * 2),
    "format behind junk": lambda: riff(chunk(b"JUNK", bytes(4092)), chunk(b"fmt ", fmt()), chunk(b"data", samples())),
    "format behind the sound": lambda: riff(chunk(b"data", samples()), chunk(b"fmt ", fmt())),
    "far more than 64 kB of junk": lambda: wav(chunk(b"JUNK", bytes(300_000))),
    "chunks behind the sound": lambda: wav(behind=COMMENT_CHUNK * 3),
    "no length": lambda: wav(length=0, riff_length=0),
    "length of all ones": lambda: wav(length=0xFFFFFFFF, riff_length=0xFFFFFFFF),
    "length of two billion": lambda: wav(length=2_000_000_000, riff_length=2_000_000_036),
    "length of two gigabytes": lambda: wav(length=0x7FFFFFFF, riff_length=0x7FFFFFFF),
    "sound said to be longer than its file is": lambda: wav(length=2 * len(samples())),
    "length written a second after the start": lambda: wav(length=RATE * 2, riff_length=RATE * 2 + 36),
    "RF64": lambda: _sixty_four(b"RF64"),
    "BW64": lambda: _sixty_four(b"BW64"),
    "extensible": lambda: riff(chunk(b"fmt ", _extensible(1, 16)), chunk(b"data", samples())),
    "extensible 24 bit": lambda: riff(chunk(b"fmt ", _extensible(1, 24)), chunk(b"data", _as_24_bit())),
    "24 bit": lambda: riff(chunk(b"fmt ", fmt(1, 24)), chunk(b"data", _as_24_bit())),
    "float": lambda: riff(chunk(b"fmt ", fmt(3, 32)), chunk(b"data", _as_float())),
}


def encoded(folder: Path, kind: str, seconds: float = SECONDS, **options: object) -> bytes:
    """The bytes of a few seconds of speech in one of ENCODINGS."""
    return write(folder / "encoded", [speech(seconds)], kind, **options).read_bytes()


def telephone(path: Path, codec: str, container: str = "wav", rate: int = 8000) -> Path:
    """A recording with a codec of telephones or dictating machines."""
    with av.open(str(path), "w", format=container) as target:
        _encode(target, [(target.add_stream(codec, rate=rate, layout="mono"), speech(SECONDS))])
    return path


def with_tracks(path: Path, tracks: list[np.ndarray], container: str = "mp4", codec: str = "aac") -> Path:
    """A file with several sound tracks; one without any samples stays empty."""
    with av.open(str(path), "w", format=container) as target:
        streams = [target.add_stream(codec, rate=48_000, layout="mono") for _ in tracks]
        _encode(target, list(zip(streams, tracks, strict=True)))
    return path


def _encode(target: av.container.OutputContainer, tracks: list[tuple[av.AudioStream, np.ndarray]]) -> None:
    for stream, track in tracks:
        whole = av.AudioFrame.from_ndarray((track * 32767).astype(np.int16)[np.newaxis], format="s16", layout="mono")
        whole.sample_rate = RATE
        resampler = av.AudioResampler(stream.format.name, "mono", stream.rate, frame_size=stream.frame_size or 960)
        at = 0
        for frame in [*resampler.resample(whole), *resampler.resample(None)] if track.size else []:
            frame.pts, frame.time_base = at, Fraction(1, stream.rate)
            at += frame.samples
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))


def film_box(kind: bytes, body: bytes = b"", length: int | None = None) -> bytes:
    return struct.pack(">I", 8 + len(body) if length is None else length) + kind + body
