"""The check inside the upload request: fast, with bounded reads and a single demuxer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition, Stream

from sessions_app.pipeline.audio.parts import MIN_BYTES, Part, PartReader, parts_of
from sessions_app.pipeline.audio.sniff import DEMUXERS, Sniffed, sniff, unsupported
from sessions_app.pipeline.types import AudioInfo
from therapybridge.core.errors import DomainError, Unprocessable

MAX_SECONDS = 4 * 3600
MAX_CHANNELS = 8
MAX_TRACKS = 8
SAMPLE_RATES = range(4_000, 384_001)  # outside this range, a resampler could expand one frame to gigabytes
PACKETS_TRIED = 200
MICROSECONDS = 1_000_000
OPEN_OPTIONS = {"protocol_whitelist": "none", "probesize": "5000000", "analyzeduration": "5000000"}
READ_BYTES = 128 * 1024
CODECS = {
    "mp3", "mp3float", "mp2", "mp2float", "mp1", "mp1float", "aac", "alac", "flac", "opus", "vorbis", "speex",
    "amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb", "wmav1", "wmav2", "wmapro", "wmavoice", "gsm", "gsm_ms",
    "ac3", "eac3",
}  # fmt: skip
_WITHOUT_LENGTH = {"webm", "mkv", "aac", "amr"}  # formats that may come without length and index
_REACHED = 0.9  # share of their bytes; less was read if the end is damaged
CODEC_FAMILIES = ("pcm_", "adpcm_")
MIME_TYPES = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "webm": "audio/webm",
    "mkv": "video/x-matroska",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "mpeg": "video/mpeg",
    "aac": "audio/aac",
    "amr": "audio/amr",
    "aiff": "audio/aiff",
    "caf": "audio/x-caf",
    "wma": "audio/x-ms-wma",
}


def probe(path: Path, client_name: str) -> AudioInfo:
    """Check a stored upload without decoding it; `client_name` is used only in error messages.

    Raises `not_audio`, `unsupported_recording` (415) and, as 422: `empty`, `too_small`, `no_audio`, `truncated`,
    `unreadable`, `too_long` (over 4 hours), `too_many_channels`, `too_many_parts`.
    """
    size = path.stat().st_size
    if size == 0:
        raise Unprocessable("The file is empty.", code="empty")
    if size < MIN_BYTES:
        raise Unprocessable("The file is too small to hold a recording.", code="too_small")
    found = sniff(path, client_name)
    return _sum_up(path, found, parts_of(path, found.demuxer))


def _sum_up(path: Path, found: Sniffed, parts: list[Part]) -> AudioInfo:
    """Describe the first part that can be read, with the length of all; that of unreadable bytes is estimated."""
    first: AudioInfo | None = None
    error: DomainError = unreadable()
    seconds, size = 0.0, 0
    for part in parts:
        try:
            info, reach = _describe_part(path, found, part)
        except Unprocessable as problem:
            if problem.code not in {"unreadable", "no_audio"}:
                raise
            error = problem
        else:
            first = first or info
            seconds, size = seconds + info.duration, size + reach
            _check_length(seconds)
    if first is None:
        raise error
    return replace(first, duration=round(seconds * sum(part.size for part in parts) / size, 3))


def _describe_part(path: Path, found: Sniffed, part: Part) -> tuple[AudioInfo, int]:
    """Describe a part, and tell how many of its bytes that covers."""
    with open_part(path, found.format, part) as container:
        stream = _first_that_decodes(container, usable_tracks(container))
        duration = part.promised or (header_duration(container, stream) if found.tells_length else None)
        _check_length(duration)
        if duration:
            return _describe(container, stream, found, duration), part.size
        duration, reach = _scanned(path, found, part)
        return _describe(container, stream, found, duration), reach


@contextmanager
def open_part(path: Path, recording_format: str, part: Part) -> Iterator[InputContainer]:
    """Open with the demuxer of that format only; references to other files or hosts are never followed."""
    demuxer, options = DEMUXERS[recording_format], dict(OPEN_OPTIONS)
    with PartReader(path, part) as reader:
        try:
            container = av.open(reader, "r", format=demuxer, options=options, buffer_size=READ_BYTES)
        except (av.FFmpegError, ValueError) as error:
            raise unreadable() from error
        with container:
            yield container


def usable_tracks(container: InputContainer) -> list[AudioStream]:
    """The audio streams that can be decoded.

    Raises `no_audio` or `too_many_channels`, `unreadable` or (415) `unsupported_recording` if there is none.
    """
    streams = container.streams.audio
    if not streams:
        raise Unprocessable("This file has no sound.", code="no_audio")
    if len(streams) > MAX_TRACKS:
        detail = f"The recording has {len(streams)} sound tracks; at most {MAX_TRACKS} are accepted."
        raise Unprocessable(detail, code="too_many_channels")
    problems = [_problem_of(stream) for stream in streams]
    usable = [stream for stream, problem in zip(streams, problems, strict=True) if problem is None]
    if not usable:
        raise cast("DomainError", problems[0])
    return usable


def unreadable() -> Unprocessable:
    """The error for damaged or unknown content."""
    return Unprocessable("The recording is damaged and cannot be read.", code="unreadable")


def too_long() -> Unprocessable:
    """The error for more than MAX_SECONDS."""
    return Unprocessable(f"The recording is longer than {MAX_SECONDS // 3600} hours.", code="too_long")


def _problem_of(stream: AudioStream) -> DomainError | None:
    # An unknown codec leaves PyAV without a codec context, whatever its stubs say.
    codec = cast("av.AudioCodecContext | None", stream.codec_context)
    if codec is None:
        return unsupported("sound in an unknown or protected form")
    if not (codec.name in CODECS or codec.name.startswith(CODEC_FAMILIES)):
        return unsupported(f"sound encoded as {codec.codec.long_name}")
    if codec.channels > MAX_CHANNELS:
        return Unprocessable(
            f"The recording has {codec.channels} channels; at most {MAX_CHANNELS} are accepted.",
            code="too_many_channels",
        )
    if codec.channels < 1 or codec.sample_rate not in SAMPLE_RATES:
        return unreadable()
    return None


def header_duration(container: InputContainer, stream: AudioStream) -> float | None:
    """Seconds according to the header, by which players go; None if it does not tell."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / MICROSECONDS if container.duration is not None else None


def _check_length(duration: float | None) -> None:
    if duration is not None and duration > MAX_SECONDS:
        raise too_long()


def _first_that_decodes(container: InputContainer, tracks: list[AudioStream]) -> AudioStream:
    """Decode a frame near the start of a track, to check that the content matches the header; others may be empty."""
    packets = 0
    try:
        for packet in container.demux(tracks):
            packets += packet.size > 0
            if _decodes(packet):
                return cast("AudioStream", packet.stream)
            if packets >= PACKETS_TRIED:
                break
    except av.FFmpegError as error:
        raise unreadable() from error
    if packets == 0:
        raise Unprocessable("This file has no sound.", code="no_audio")
    raise unreadable()


def _decodes(packet: "av.Packet[Stream]") -> bool:
    try:
        return bool(packet.decode())
    except av.FFmpegError:
        return False


def _scanned(path: Path, found: Sniffed, part: Part) -> tuple[float, int]:
    """Duration in seconds by the last packet, found by seeking or by visiting all, and the bytes that it covers."""
    end, reach = _last_packet(path, found, part, jump=True) if found.tells_length else (0.0, 0)
    if not end:
        end, reach = _last_packet(path, found, part, jump=False)
    if not end:
        raise unreadable()
    _check_length(end)
    # What follows the last packet of these formats is damaged, and nothing else says how long it was.
    is_damaged = found.format in _WITHOUT_LENGTH and 0 < reach < part.size * _REACHED
    return end, reach if is_damaged else part.size


def _last_packet(path: Path, found: Sniffed, part: Part, *, jump: bool) -> tuple[float, int]:
    """Where the last packet ends: in seconds of sound, and in bytes."""
    end, reach = 0.0, 0
    with open_part(path, found.format, part) as container:
        usable_tracks(container)
        origin = start_seconds(container)
        try:
            if jump:
                container.seek((MAX_SECONDS + 60) * MICROSECONDS)
            for packet in container.demux():
                reach = max(reach, (packet.pos or 0) + packet.size)
                if isinstance(packet.stream, AudioStream):
                    end = max(end, _packet_end(packet) - origin)
                if end > MAX_SECONDS:
                    break
        except av.FFmpegError:
            return end, reach
    return end, reach


def start_seconds(container: InputContainer) -> float:
    """Time stamp at which the container's clock starts; raw formats have none."""
    return container.start_time / MICROSECONDS if container.start_time else 0.0


def _packet_end(packet: "av.Packet[Stream]") -> float:
    if packet.pts is None or not packet.size:
        return 0.0
    return float((packet.pts + (packet.duration or 0)) * packet.time_base)


def _describe(container: InputContainer, stream: AudioStream, found: Sniffed, duration: float) -> AudioInfo:
    picture = _has_picture(container)
    recording_format = "m4a" if found.format == "mp4" and not picture else found.format
    return AudioInfo(
        format=recording_format,
        mime="video/webm" if recording_format == "webm" and picture else MIME_TYPES[recording_format],
        codec=stream.codec_context.name,
        channels=stream.codec_context.channels,
        sample_rate=stream.codec_context.sample_rate,
        duration=round(duration, 3),
    )


def _has_picture(container: InputContainer) -> bool:
    """Whether it contains video; cover pictures do not count."""
    return any(not stream.disposition & Disposition.attached_pic for stream in container.streams.video)
