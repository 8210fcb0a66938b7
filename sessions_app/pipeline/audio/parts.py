"""The recordings in a file: recorders that restart, and people who join files, put several behind each other."""

import io
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO

from sessions_app.pipeline.audio.wav import wavs
from therapybridge.core.errors import Unprocessable

MIN_BYTES = 1024  # less cannot hold a recording
MAX_PARTS = 100
MAX_BOXES = 100_000  # an hour of one-second fragments has 7,200; millions of empty ones would take minutes
MAX_CANDIDATES = 100_000  # places that look like a start at first sight
# How a recording starts, by demuxer: bytes to look for, and what follows; too long to occur in sound by chance.
_STARTS = {
    "matroska": (b"\x1a\x45\xdf\xa3", rb"[^\0]{1,60}?\x42\x82.(?:webm|matroska)"),
    "ogg": (b"OggS\0\x02", rb".{20}.{1,2}(?:OpusHead|\x01vorbis|\x7fFLAC|Speex   )"),
    "flac": (b"fLaC", rb"[\0\x80]\0\0\x22"),
    "amr": (b"#!AMR", rb"(?:-WB)?\n"),
    "aiff": (b"FORM", rb".{4}AIF[FC]"),
    "caf": (b"caff", rb"\0\x01..desc"),
    "asf": (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", rb"\xa6\xd9\x00\xaa\x00\x62\xce\x6c"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file that is a recording of its own.

    `promised` are the seconds of a WAV that was cut; if its lengths are wrong, it is not plain.
    """

    start: int
    end: int
    header: bytes = b""  # read before the stretch
    promised: float | None = None
    is_plain: bool = True

    @property
    def size(self) -> int:
        """Bytes of the stretch."""
        return self.end - self.start


def parts_of(path: Path, demuxer: str) -> list[Part]:
    """The recordings in a file, in order. Raises `truncated` (MP4 without an index), `unreadable`, `too_many_parts`."""
    size = path.stat().st_size
    with path.open("rb") as source:
        parts = list(islice(_found(source, size, demuxer), MAX_PARTS + 1))
    if len(parts) > MAX_PARTS:
        raise Unprocessable(f"The file holds more than {MAX_PARTS} recordings.", code="too_many_parts")
    return parts


def _found(source: BinaryIO, size: int, demuxer: str) -> Iterator[Part]:
    if demuxer == "wav":
        yield from (Part(wav.start, wav.end, wav.header, wav.promised, wav.is_plain) for wav in wavs(source, size))
    elif demuxer == "mov":
        yield from _films(source, size)
    else:
        yield from _stretches(_starts(source, demuxer), size)


def _stretches(starts: Iterator[int], size: int) -> Iterator[Part]:
    yield from (Part(start, end) for start, end in pairwise([0, *islice(starts, MAX_PARTS + 1), size]))


def _starts(source: BinaryIO, demuxer: str) -> Iterator[int]:
    """Where the second and all later recordings start."""
    if demuxer not in _STARTS:
        return
    magic, rest = _STARTS[demuxer]
    follows = re.compile(rest, re.DOTALL)
    with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as content:
        at = last = 0
        for _ in range(MAX_CANDIDATES):
            at = content.find(magic, at + 1)
            if at < 0:
                return
            # Tracks of one Ogg file start a few bytes behind each other.
            if at >= last + MIN_BYTES and follows.match(content, at + len(magic)):
                yield at
                last = at


def _films(source: BinaryIO, size: int) -> Iterator[Part]:
    """The MP4 files, each from its `ftyp` box on, of which recorders write the index (`moov`) last."""
    start, is_whole, has_index = 0, True, False
    for kind, at, end in _boxes(source, size):
        if kind == b"ftyp" and at > start:
            yield Part(start, at)
            start = at
        has_index |= kind == b"moov" and end <= size
        is_whole = end <= size
    if not has_index:
        what = "its index is missing" if is_whole else "its end, with the index, is missing"
        raise Unprocessable(
            f"The recording was not finished: {what}. Please export it again from the device it was made with.",
            code="truncated",
        )
    yield Part(start, size)


def _boxes(source: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the boxes at the top level; the last may end behind the file."""
    at = 0
    for _ in range(MAX_BOXES):
        if at >= size:
            return
        source.seek(at)
        header = source.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length == 0:
            length = size - at
        if len(header) < 8 or length < 8:  # noqa: PLR2004 (the header itself)
            return
        yield kind, at, at + length
        at += length


class PartReader(io.RawIOBase):
    """A part as a file for the demuxer, which sees neither the rest of the file nor its name."""

    def __init__(self, path: Path, part: Part) -> None:
        self._file = path.open("rb")
        self._part = part
        self._size = len(part.header) + part.size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, count: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        count = left if count < 0 else min(count, left)
        header = self._part.header
        if self._at < len(header):
            content = header[self._at : self._at + count]
        else:
            self._file.seek(self._part.start + self._at - len(header))
            content = self._file.read(count)
        self._at += len(content)
        return content

    def close(self) -> None:
        self._file.close()
        super().close()
