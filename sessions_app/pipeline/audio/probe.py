"""The check inside the upload request: fast, with bounded reads and a single demuxer."""

import os
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition

from sessions_app.pipeline.audio.sniff import DEMUXERS, Sniffed, sniff
from sessions_app.pipeline.types import AudioInfo
from therapybridge.core.errors import Unprocessable

MAX_SECONDS = 4 * 3600
MIN_BYTES = 1024
MAX_CHANNELS = 8
SAMPLE_RATES = range(4_000, 384_001)  # outside this range, a resampler could expand one frame to gigabytes
PACKETS_TRIED = 200
MICROSECONDS = 1_000_000
OPEN_OPTIONS = {"protocol_whitelist": "file", "probesize": "5000000", "analyzeduration": "5000000"}
CODECS = {"mp3", "mp3float", "mp2", "mp2float", "mp1", "mp1float", "aac", "alac", "flac", "opus", "vorbis"}
CODEC_FAMILIES = ("pcm_", "adpcm_")
MIME_TYPES = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "webm": "audio/webm",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "mpeg": "video/mpeg",
}


def probe(path: Path, client_name: str) -> AudioInfo:
    """Check a stored upload without decoding it; `client_name` is used only in error messages.

    Raises `not_audio` (415) and, as 422: `empty`, `too_small`, `no_audio`, `truncated`, `unreadable`, `too_long`
    (over 4 hours), `too_many_channels`.
    """
    size = path.stat().st_size
    if size == 0:
        raise Unprocessable("The file is empty.", code="empty")
    if size < MIN_BYTES:
        raise Unprocessable("The file is too small to hold a recording.", code="too_small")
    found = sniff(path, client_name)
    with open_recording(path, found.format) as container:
        stream = first_audio(container)
        _check_stream(stream)
        duration = found.seconds or (_header_duration(container, stream) if found.tells_length else None)
        _check_length(duration)
        _check_decodes(container, stream)
        return _describe(container, stream, found, duration or _scanned_duration(path, found.format))


def open_recording(path: Path, recording_format: str) -> InputContainer:
    """Open with the demuxer of that format only; references to other files or hosts are never followed."""
    try:
        return av.open(str(path), format=DEMUXERS[recording_format], options=dict(OPEN_OPTIONS))
    except (av.FFmpegError, ValueError) as error:
        raise unreadable() from error


def first_audio(container: InputContainer) -> AudioStream:
    """The first audio stream; raises `no_audio` if there is none."""
    if not container.streams.audio:
        raise Unprocessable("This file has no sound.", code="no_audio")
    return container.streams.audio[0]


def unreadable() -> Unprocessable:
    """The error for damaged or unknown content."""
    return Unprocessable("The recording is damaged and cannot be read.", code="unreadable")


def too_long() -> Unprocessable:
    """The error for more than MAX_SECONDS."""
    return Unprocessable(f"The recording is longer than {MAX_SECONDS // 3600} hours.", code="too_long")


def _check_stream(stream: AudioStream) -> None:
    # An unknown codec leaves PyAV without a codec context, whatever its stubs say.
    codec = cast("av.AudioCodecContext | None", stream.codec_context)
    if codec is None or not (codec.name in CODECS or codec.name.startswith(CODEC_FAMILIES)):
        raise unreadable()
    if codec.channels > MAX_CHANNELS:
        raise Unprocessable(
            f"The recording has {codec.channels} channels; at most {MAX_CHANNELS} are accepted.",
            code="too_many_channels",
        )
    if codec.channels < 1 or codec.sample_rate not in SAMPLE_RATES:
        raise unreadable()


def _header_duration(container: InputContainer, stream: AudioStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / MICROSECONDS if container.duration is not None else None


def _check_length(duration: float | None) -> None:
    if duration is not None and duration > MAX_SECONDS:
        raise too_long()


def _check_decodes(container: InputContainer, stream: AudioStream) -> None:
    """Decode a frame near the start, to check that the content matches the header."""
    packets = 0
    try:
        for packet in container.demux(stream):
            packets += packet.size > 0
            if _decodes(packet):
                return
            if packets >= PACKETS_TRIED:
                break
    except av.FFmpegError as error:
        raise unreadable() from error
    if packets == 0:
        raise Unprocessable("This file has no sound.", code="no_audio")
    raise unreadable()


def _decodes(packet: "av.Packet[AudioStream]") -> bool:
    try:
        return bool(packet.decode())
    except av.FFmpegError:
        return False


def _scanned_duration(path: Path, recording_format: str) -> float:
    """Duration in seconds from the last packet: by seeking if there is an index, else by visiting every packet."""
    end = _last_packet_end(path, recording_format, jump=True) or _last_packet_end(path, recording_format, jump=False)
    if not end:
        raise unreadable()
    _check_length(end)
    return end


def _last_packet_end(path: Path, recording_format: str, *, jump: bool) -> float:
    end = 0.0
    with open_recording(path, recording_format) as container:
        stream = first_audio(container)
        origin = start_seconds(container)
        try:
            if jump:
                container.seek((MAX_SECONDS + 60) * MICROSECONDS)
            for packet in container.demux(stream):
                end = max(end, _packet_end(packet) - origin)
                if end > MAX_SECONDS:
                    break
        except av.FFmpegError:
            return end
    return end


def start_seconds(container: InputContainer) -> float:
    """Time stamp at which the container's clock starts; raw formats have none."""
    return container.start_time / MICROSECONDS if container.start_time else 0.0


def _packet_end(packet: "av.Packet[AudioStream]") -> float:
    if packet.pts is None or not packet.size:
        return 0.0
    return float((packet.pts + (packet.duration or 0)) * packet.time_base)


def _describe(container: InputContainer, stream: AudioStream, found: Sniffed, duration: float) -> AudioInfo:
    recording_format = found.format
    if recording_format == "mp4" and not _has_picture(container):
        recording_format = "m4a"
    return AudioInfo(
        format=recording_format,
        mime="video/webm" if recording_format == "webm" and _has_picture(container) else MIME_TYPES[recording_format],
        codec=stream.codec_context.name,
        channels=stream.codec_context.channels,
        sample_rate=stream.codec_context.sample_rate,
        duration=round(duration, 3),
    )


def _has_picture(container: InputContainer) -> bool:
    """Whether it contains video; cover pictures do not count."""
    return any(not stream.disposition & Disposition.attached_pic for stream in container.streams.video)


def playable(path: Path, info: AudioInfo, out_path: Path) -> Path | None:
    """Copy the audio of a browser-recorded WebM (no duration, no index) into a seekable file.

    None if the original is already seekable or cannot be copied; nothing is re-encoded.
    """
    if info.format != "webm":
        return None
    with open_recording(path, info.format) as source:
        if source.duration is not None:
            return None
        part = out_path.with_name(f"{out_path.name}.part")
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        try:
            _copy_packets(source, part)
        except av.FFmpegError:
            return None
        else:
            return part.replace(out_path)
        finally:
            part.unlink(missing_ok=True)


def _copy_packets(source: InputContainer, target: Path) -> None:
    stream = first_audio(source)
    last = -1
    with av.open(str(target), "w", format="webm") as copy:
        copied = copy.add_stream_from_template(stream)
        for packet in source.demux(stream):
            # Muxers reject time stamps that do not increase, which occur only in damaged files.
            if packet.dts is None or packet.dts <= last:
                continue
            last = packet.dts
            packet.stream = copied
            copy.mux_one(packet)
