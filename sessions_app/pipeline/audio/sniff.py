"""Detect a file's format from its bytes alone: one demuxer, or an error that names what it is."""

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from sessions_app.pipeline.audio.mpeg_frames import mp3_tells_length, starts_with_adts, starts_with_mp3
from therapybridge.core.errors import UnsupportedMedia

ACCEPTED = (
    "mp3", "wav", "m4a", "mp4", "mov", "mpeg", "mpga", "webm", "mkv", "ogg", "opus", "flac", "aac", "amr", "3gp",
    "aiff", "aif", "caf", "wma",
)  # fmt: skip
HEAD = 64 * 1024
MAX_TAGS = 4  # some editors add a second ID3 tag before the first
# Recording format → the only libavformat demuxer allowed to read it.
DEMUXERS = {
    "mp3": "mp3",
    "wav": "wav",
    "flac": "flac",
    "ogg": "ogg",
    "opus": "ogg",
    "webm": "matroska",
    "mkv": "matroska",
    "mp4": "mov",
    "m4a": "mov",
    "mpeg": "mpeg",
    "aac": "aac",
    "amr": "amr",
    "aiff": "aiff",
    "caf": "caf",
    "wma": "asf",
}
# Format, offset and magic number, and a second marker that must follow within 56 bytes.
_MAGIC = (
    ("wav", 0, b"RIFF", 8, b"WAVE"),
    ("wav", 0, b"RF64", 8, b"WAVE"),
    ("wav", 0, b"BW64", 8, b"WAVE"),
    ("flac", 0, b"fLaC", 0, b""),
    ("webm", 0, b"\x1a\x45\xdf\xa3", 4, b"webm"),
    ("mkv", 0, b"\x1a\x45\xdf\xa3", 4, b"matroska"),
    ("mpeg", 0, b"\x00\x00\x01\xba", 4, b""),
    ("amr", 0, b"#!AMR\n", 0, b""),
    ("amr", 0, b"#!AMR-WB\n", 0, b""),
    ("aiff", 0, b"FORM", 8, b"AIFF"),
    ("aiff", 0, b"FORM", 8, b"AIFC"),
    ("caf", 0, b"caff", 8, b"desc"),
    ("wma", 0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", 0, b""),
    # QuickTime files may start with any of these boxes.
    *(("mp4", 4, kind, 8, b"") for kind in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")),
)
# Recordings that are not read: name, offset and magic number.
_NAMED = (
    ("a protected Audible book", 4, b"ftypaax"),
    ("a dictation in DSS", 0, b"\x02dss"),
    ("a dictation in DSS", 0, b"\x03dss"),
    ("a dictation in DS2", 0, b"\x03ds2"),
    ("a dictation in DS2", 0, b"\x07ds2"),
    ("an AVI film", 8, b"AVI "),
    ("a WAV with the byte order of old workstations (RIFX)", 0, b"RIFX"),
    ("a Wave64 recording", 0, b"riff\x2e\x91\xcf\x11"),
    ("AAC in the old form ADIF", 0, b"ADIF"),
    ("AAC in a LATM stream", 0, b"\x56\xe0"),
    ("AMR with several channels", 0, b"#!AMR"),
    ("RealAudio", 0, b".RMF"),
    ("RealAudio", 0, b".ra\xfd"),
    ("a Sun or NeXT recording (AU)", 0, b".snd"),
    ("Monkey's Audio", 0, b"MAC "),
    ("WavPack", 0, b"wvpk"),
    ("True Audio", 0, b"TTA1"),
    ("Dolby Digital (AC-3)", 0, b"\x0b\x77"),
    ("DTS", 0, b"\x7f\xfe\x80\x01"),
    ("a DSD recording", 0, b"DSD "),
    ("a Flash film", 0, b"FLV\x01"),
    ("a MIDI file, which has notes and no sound", 0, b"MThd"),
)
_TRANSPORT_PACKET = 188  # bytes
# Objects in the header of a Windows Media file that is encrypted.
_PROTECTION = (
    b"\xfb\xb3\x11\x22\x23\xbd\xd2\x11\xb4\xb7\x00\xa0\xc9\x55\xfc\x6e",
    b"\x14\xe6\x8a\x29\x22\x26\x17\x4c\xb9\x35\xda\xe0\x7e\xe9\x28\x9c",
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The format, and whether a length in its header can be believed."""

    format: str
    tells_length: bool = True

    @property
    def demuxer(self) -> str:
        """The only libavformat demuxer that may read it."""
        return DEMUXERS[self.format]


def sniff(path: Path, client_name: str) -> Sniffed:
    """Detect the format; raises (415) `not_audio`, or `unsupported_recording` for a format that is not read."""
    size = path.stat().st_size
    with path.open("rb") as source:
        head = source.read(HEAD)
        _refuse_named(head)
        found = _by_magic(head) or _by_frames(source, head, size)
    if found is None:
        raise UnsupportedMedia(_not_audio(client_name), code="not_audio")
    return found


def unsupported(what: str) -> UnsupportedMedia:
    """The error for a recording that is in order but in a form that is not read."""
    detail = f"This is {what}, which cannot be read here. Please export the recording as MP3, M4A or WAV."
    return UnsupportedMedia(detail, code="unsupported_recording")


def _refuse_named(head: bytes) -> None:
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return
    for name, at, magic in _NAMED:
        if head.startswith(magic, at):
            raise unsupported(name)
    if head[: 5 * _TRANSPORT_PACKET : _TRANSPORT_PACKET] == b"\x47" * 5:
        raise unsupported("an MPEG transport stream")
    if head.startswith(b"\x30\x26\xb2\x75") and any(mark in head for mark in _PROTECTION):
        raise unsupported("Windows Media Audio with protection")


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
            return Sniffed(name, tells_length=name != "amr")
    return None


def _by_frames(source: BinaryIO, head: bytes, size: int) -> Sniffed | None:
    """Detect MPEG audio and AAC without a container, also after ID3 tags of any size (cover pictures) and padding."""
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
    if starts_with_adts(head):
        return Sniffed("aac", tells_length=False)
    if not starts_with_mp3(head):
        return None
    return Sniffed("mp3", tells_length=mp3_tells_length(head, size - at))


def _syncsafe(raw: bytes) -> int:
    size = 0
    for byte in raw:
        size = size << 7 | byte & 0x7F
    return size
