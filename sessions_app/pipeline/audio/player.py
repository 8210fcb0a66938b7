"""The copy that browsers play where the original would not do: with all that the transcript holds, at its times."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer

from sessions_app.pipeline.audio.decode import RATE, Decoder
from sessions_app.pipeline.audio.parts import Part, parts_of
from sessions_app.pipeline.audio.probe import header_duration, open_part, usable_tracks
from sessions_app.pipeline.audio.sniff import DEMUXERS, sniff
from sessions_app.pipeline.types import AudioInfo, BeforeCall, SplitResult, unasked

# What the browsers of today play and seek in, by recording format.
_PLAYED = {
    "mp3": {"mp3", "mp3float"},
    "wav": {"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f32le"},
    "flac": {"flac"},
    "ogg": {"vorbis", "flac"},
    "opus": {"opus"},
    "webm": {"opus", "vorbis"},
    "m4a": {"aac", "mp3", "mp3float", "flac", "opus"},
    "mp4": {"aac", "mp3", "mp3float", "flac", "opus"},
}
_TOLERANCE = 0.5  # seconds by which the header's length may differ from what was read


def playable(
    path: Path, info: AudioInfo, split: SplitResult, folder: Path, before_block: BeforeCall = unasked
) -> Path | None:
    """Write `player.webm` or `player.flac` into the folder; None if browsers can play and seek in the original.

    A browser-recorded WebM (no duration, no index) is copied without loss. Whatever has another clock than the
    transcript, or sound that browsers do not play, is written as FLAC with 16 kHz, which takes seconds: `before_block`
    is asked meanwhile, and what it raises leaves no copy.
    """
    parts = parts_of(path, DEMUXERS[info.format])
    if not _keeps_time(path, info, split, parts):
        with _replacing(folder / "player.flac") as copy:
            _encode(Decoder(path, info, split.track), copy, before_block)
        return folder / "player.flac"
    if info.format != "webm":
        return None
    with open_part(path, info.format, parts[0]) as source:
        if source.duration is not None:
            return None
        with _replacing(folder / "player.webm") as copy:
            _copy_packets(source, copy)
        return folder / "player.webm"


def _keeps_time(path: Path, info: AudioInfo, split: SplitResult, parts: list[Part]) -> bool:
    """Whether a browser plays the original, and shows the same sound at the same second as the transcript."""
    if info.codec not in _PLAYED.get(info.format, ()) or split.is_corrected or split.tracks > 1:
        return False
    if not all(part.is_plain for part in parts):
        return False
    if info.format == "mp3" and not sniff(path, "").tells_length:
        return False  # browsers guess where a second is
    with open_part(path, info.format, parts[0]) as source:
        told = header_duration(source, usable_tracks(source)[0])
    return told is None or abs(told - split.duration) <= _TOLERANCE


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A private file to write to, which gets its name only when it is whole."""
    part = target.with_name(f"{target.name}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _encode(decoder: Decoder, target: Path, before_block: BeforeCall) -> None:
    layout = "stereo" if decoder.channels == 2 else "mono"  # noqa: PLR2004
    with av.open(str(target), "w", format="flac") as copy:
        stream = copy.add_stream("flac", rate=RATE, options={"compression_level": "5"}, layout=layout)
        at = 0
        for block in decoder:
            before_block()
            frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout=layout)
            frame.sample_rate, frame.pts = RATE, at
            at += len(block)
            copy.mux(stream.encode(frame))
        copy.mux(stream.encode(None))


def _copy_packets(source: InputContainer, target: Path) -> None:
    stream = usable_tracks(source)[0]
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
