"""Walking the chunks of a WAV file (RIFF, RF64, BW64), whose lengths are often wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAGICS = (b"RIFF", b"RF64", b"BW64")
MAX_CHUNKS = 10_000
MAX_FMT = 4096  # bytes; the longest in use has 50
LONGEST = 4 * 3600  # seconds; a header that promises more was written before the length was known
PLACEHOLDER = 2_000_000_000  # bytes; streaming recorders write about 2 or 4 GB, more than an upload can have
# Chunks that are recognised behind one of odd size, whether or not its writer has padded it.
_KNOWN = {b"fmt ", b"data", b"LIST", b"JUNK", b"bext", b"fact", b"id3 ", b"iXML", b"cue ", b"FLLR", b"PAD ", b"ds64"}
_LINEAR = {1, 3, 6, 7, 0xFFFE}  # PCM, float, A-law, mu-law, extensible: a second has rate * block size bytes


@dataclass(frozen=True, slots=True)
class Wav:
    """Where the sound lies, a header that says so, and the seconds promised if the file ends before.

    A plain one is as every player expects it, without 64-bit sizes and with the right length.
    """

    header: bytes
    start: int
    end: int
    promised: float | None
    is_plain: bool


@dataclass(slots=True)
class _Chunks:
    """What a walk over the chunks has found so far."""

    riff_end: int
    fmt: bytes = b""
    sound: tuple[int, int] | None = None  # start, and size as written
    long_size: int = 0  # of ds64, for files over 4 GB
    end: int = 0  # behind the last chunk


def wavs(source: BinaryIO, size: int) -> Iterator[Wav]:
    """All WAV files that follow each other; none for a file without format or sound."""
    at = 0
    while _is_wav(source, at):
        chunks = _walk(source, at, size)
        if not chunks.fmt or chunks.sound is None:
            return
        start, end, promised = _extent(source, chunks, size)
        is_plain = chunks.sound == (start, end - start) and _read(source, at, 4) == b"RIFF"
        yield Wav(_header(chunks, end - start), start, end, promised, is_plain)
        at = max(chunks.end, end)
        at += end % 2 if not _is_wav(source, at) else 0


def _is_wav(source: BinaryIO, at: int) -> bool:
    head = _read(source, at, 12)
    return head[:4] in MAGICS and head[8:] == b"WAVE"


def _read(source: BinaryIO, at: int, count: int) -> bytes:
    source.seek(at)
    return source.read(count)


def _walk(source: BinaryIO, at: int, size: int) -> _Chunks:
    found = _Chunks(riff_end=at + 8 + int.from_bytes(_read(source, at + 4, 4), "little"), end=at + 12)
    for _ in range(MAX_CHUNKS):
        head = _read(source, found.end, 8)
        if not _is_name(head[:4]) or len(head) < 8 or head[:4] in MAGICS:  # noqa: PLR2004
            break
        length = int.from_bytes(head[4:], "little")
        _note(source, found, head[:4], found.end + 8, length)
        after = found.end + 8 + length
        if after > size:
            break
        found.end = after + (length % 2 and _padding(source, after))
    return found


def _is_name(name: bytes) -> bool:
    return len(name) == 4 and all(0x20 <= byte < 0x7F for byte in name)  # noqa: PLR2004


def _padding(source: BinaryIO, at: int) -> int:
    """Whether a byte was added to a chunk of odd size (1), as the standard wants, or not (0)."""
    near = _read(source, at, 5)
    for matches in (_KNOWN.__contains__, _is_name):
        for offset in (1, 0):
            if matches(near[offset : offset + 4]):
                return offset
    return 0 if near[:4] in MAGICS else 1


def _note(source: BinaryIO, found: _Chunks, name: bytes, at: int, length: int) -> None:
    if name == b"fmt " and not found.fmt:
        found.fmt = _read(source, at, min(length, MAX_FMT))
    elif name == b"ds64":
        found.long_size = int.from_bytes(_read(source, at + 8, 8), "little")
    elif name == b"data" and found.sound is None:
        found.sound = (at, length)


def _extent(source: BinaryIO, chunks: _Chunks, size: int) -> tuple[int, int, float | None]:
    """Start and end of the sound, and the seconds promised if more was promised than there is."""
    start, written = chunks.sound or (0, 0)
    if written == 0xFFFF_FFFF and chunks.long_size:  # noqa: PLR2004
        written = chunks.long_size
    per_second = _bytes_per_second(chunks)
    seconds = written / per_second if per_second else 0.0
    if not 0 < written < PLACEHOLDER or seconds > LONGEST:
        return start, size, None
    if start + written > size:
        return start, size, seconds if chunks.riff_end > size else None
    return start, _real_end(source, chunks, start + written, size, per_second), None


def _real_end(source: BinaryIO, chunks: _Chunks, end: int, size: int, per_second: int) -> int:
    """The end as written, or of the file if a second or more that is no chunk follows: a length written too early."""
    rest = size - max(chunks.end, end)
    if rest < per_second or chunks.end > end + 1 or any(_is_wav(source, end + pad) for pad in (0, 1)):
        return end
    return size


def _bytes_per_second(chunks: _Chunks) -> int:
    tag, rate, told, block = (
        int.from_bytes(chunks.fmt[at:to], "little") for at, to in ((0, 2), (4, 8), (8, 12), (12, 14))
    )
    return rate * block if tag in _LINEAR else told


def _header(chunks: _Chunks, length: int) -> bytes:
    """A canonical header with the length that was found, so that the demuxer need not search."""
    fmt = b"fmt " + len(chunks.fmt).to_bytes(4, "little") + chunks.fmt + bytes(len(chunks.fmt) % 2)
    return b"RIFF\xff\xff\xff\xffWAVE" + fmt + b"data" + min(length, 0xFFFF_FFFF).to_bytes(4, "little")
