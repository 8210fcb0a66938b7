"""Detect a file's format from its bytes alone: one demuxer, or UnsupportedMedia `not_audio`."""

from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import BinaryIO

from therapybridge.core.errors import Unprocessable, UnsupportedMedia

ACCEPTED = ("mp3", "wav", "m4a", "mp4", "mpeg", "mpga", "webm", "ogg", "opus", "flac")
HEAD = 64 * 1024
MAX_TAGS = 4  # some editors add a second ID3 tag before the first
MAX_BOXES = 100_000  # an hour of one-second fragments has 7,200; millions of empty ones would take minutes
MP3_FRAMES = 3  # a UTF-16 byte order mark looks like one frame header, so three in a row are required
# Recording format → the only libavformat demuxer allowed to read it.
DEMUXERS = {
    "mp3": "mp3",
    "wav": "wav",
    "flac": "flac",
    "ogg": "ogg",
    "opus": "ogg",
    "webm": "matroska",
    "mp4": "mov",
    "m4a": "mov",
    "mpeg": "mpeg",
}
# kbit/s by (MPEG version is 1, layer), ISO 11172-3 2.4.2.3 and ISO 13818-3.
_BITRATES = {
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
# Format, offset and magic number, and a second marker that must follow within 56 bytes.
_MAGIC = (
    ("wav", 0, b"RIFF", 8, b"WAVE"),
    ("wav", 0, b"RF64", 8, b"WAVE"),
    ("flac", 0, b"fLaC", 0, b""),
    ("webm", 0, b"\x1a\x45\xdf\xa3", 4, b"webm"),
    ("mp4", 4, b"ftyp", 8, b""),
    ("mpeg", 0, b"\x00\x00\x01\xba", 4, b""),
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The format, whether its header has the true length (MPEG audio), and the length declared by a truncated WAV."""

    format: str
    tells_length: bool = True
    seconds: float | None = None


def sniff(path: Path, client_name: str) -> Sniffed:
    """Detect the format; raises `not_audio` (415) or `truncated` (422, MP4 without its index)."""
    with path.open("rb") as source:
        head = source.read(HEAD)
        found = _by_magic(head) or _by_mpeg_audio(source, head)
        if found is None:
            raise UnsupportedMedia(_not_audio(client_name), code="not_audio")
        if found.format == "mp4":
            _require_index(source, path.stat().st_size)
        if found.format == "wav":
            return replace(found, seconds=_promised_seconds(head, path.stat().st_size))
    return found


def _not_audio(client_name: str) -> str:
    suffix = PurePath(client_name).suffix.lower().lstrip(".")
    if suffix in ACCEPTED:
        return f"This file is named .{suffix} but its content is not a recording."
    return f"This file is not a recording. Accepted are {', '.join(ACCEPTED)}."


def _by_magic(head: bytes) -> Sniffed | None:
    if head[:4] == b"OggS":
        return Sniffed("opus" if b"OpusHead" in head[:128] else "ogg")
    for name, at, magic, second_at, second in _MAGIC:
        if head.startswith(magic, at) and second in head[second_at : second_at + 56]:
            return Sniffed(name)
    return None


def _by_mpeg_audio(source: BinaryIO, head: bytes) -> Sniffed | None:
    """Detect MPEG audio, also after an ID3 tag of any size (cover pictures) and padding."""
    at = 0
    for _ in range(MAX_TAGS):
        if head[:3] != b"ID3":
            break
        at += 10 + _syncsafe(head[6:10])
        source.seek(at)
        head = source.read(HEAD)
    head = head.lstrip(b"\x00") if at else head
    if head[:4] == b"fLaC":
        return Sniffed("flac")
    if not _starts_with_frames(head):
        return None
    first = head[:256]
    return Sniffed("mp3", tells_length=any(tag in first for tag in (b"Xing", b"Info", b"VBRI")))


def _syncsafe(raw: bytes) -> int:
    size = 0
    for byte in raw:
        size = size << 7 | byte & 0x7F
    return size


def _starts_with_frames(head: bytes) -> bool:
    at = 0
    for _ in range(MP3_FRAMES):
        length = frame_length(head[at : at + 4])
        if length is None:
            return False
        at += length
    return True


def frame_length(header: bytes) -> int | None:
    """Length in bytes of the MPEG audio frame with this 4-byte header; None if it is not a header."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:  # noqa: PLR2004 (the sync word)
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    bitrate, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer > 3 or bitrate in {0, 15} or rate > 2:  # noqa: PLR2004 (reserved values)
        return None
    newest = version == 3  # noqa: PLR2004 (MPEG 1)
    bits = _BITRATES[newest, layer][bitrate - 1] * 1000
    hertz = _RATES[version][rate]
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    samples = 1152 if newest or layer == 2 else 576  # noqa: PLR2004
    return samples // 8 * bits // hertz + padding


def _require_index(source: BinaryIO, size: int) -> None:
    """Require the complete `moov` box, which recorders write last: without it, an MP4 is unreadable."""
    at = 0
    for _ in range(MAX_BOXES):
        if at + 8 > size:
            break
        source.seek(at)
        header = source.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if kind == b"moov" and at + length <= size:
            return
        if length < 8:  # noqa: PLR2004 (0: to the end of the file; 2..7 cannot be)
            break
        at += length
    raise Unprocessable(
        "The file ends too early: its index is missing. Please export or upload it again.", code="truncated"
    )


def _promised_seconds(head: bytes, size: int) -> float | None:
    """The length declared by a truncated WAV; the demuxer would report only the remaining part."""
    fmt, data = head.find(b"fmt ", 12), head.find(b"data", 12)
    if fmt < 0 or data < 0 or len(head) < max(fmt + 20, data + 8):
        return None
    bytes_per_second = int.from_bytes(head[fmt + 16 : fmt + 20], "little")
    promised = int.from_bytes(head[data + 4 : data + 8], "little")
    # Streaming recorders do not know the size and write about 2 or 4 GB.
    is_placeholder = promised >= 0xFFFF_0000 or 0x7FFF_0000 <= promised <= 0x8000_0000  # noqa: PLR2004
    if is_placeholder or not bytes_per_second or promised <= size - data - 8:
        return None
    return promised / bytes_per_second
