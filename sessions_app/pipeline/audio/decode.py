"""Decode any accepted recording to 16 kHz samples on a clock without drift."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from sessions_app.pipeline.audio.parts import Part, parts_of
from sessions_app.pipeline.audio.probe import (
    MAX_SECONDS,
    SAMPLE_RATES,
    open_part,
    start_seconds,
    too_long,
    usable_tracks,
)
from sessions_app.pipeline.audio.sniff import DEMUXERS
from sessions_app.pipeline.types import AudioInfo
from therapybridge.core.errors import DomainError

RATE = 16_000
Samples = NDArray[np.int16]
TOLERANCE = 0.1  # seconds by which a time stamp may differ from the clock before it is corrected
OVERLAP = 0.5  # a longer jump back means a concatenated stream, not an overlap
DROPOUT = 1.0  # shorter gaps are pauses that voice codecs omit on purpose
FILL_BLOCK = 10 * RATE


class Decoder:
    """Iterates over int16 arrays of shape (samples, channels); channels is 2 for stereo, else 1.

    Gaps in the time stamps become silence; overlaps are dropped; the recordings in a file follow each other.
    `is_corrected` tells that a player would show another clock. Raises `too_long` while iterating.
    """

    def __init__(self, path: Path, info: AudioInfo, track: int = 0) -> None:
        self.channels = 2 if info.channels == 2 else 1  # noqa: PLR2004
        self.packets = 0
        self.bad_packets = 0
        self.lost_seconds = 0.0
        self.is_corrected = False
        self._track = track
        self._path = path
        self._format = info.format
        # A damaged time stamp can point days ahead; only gaps within the declared length are trusted.
        self._believed = info.duration * 1.03 + 5
        self._clock = 0.0
        self._origin = 0.0
        self._setup: tuple[str, str, int] | None = None
        self._resampler: AudioResampler | None = None

    def __iter__(self) -> Iterator[Samples]:
        parts = parts_of(self._path, DEMUXERS[self._format])
        self.is_corrected = len(parts) > 1
        for part in parts:
            yield from self._read(part)
        yield from self._flush()

    def _read(self, part: Part) -> Iterator[Samples]:
        for frame in self._frames(part):
            yield from self._place(frame)
            if self._clock > MAX_SECONDS + 60:
                raise too_long()

    def _frames(self, part: Part) -> Iterator[AudioFrame]:
        try:
            with open_part(self._path, self._format, part) as container:
                tracks = usable_tracks(container)
                self._origin = start_seconds(container) - self._clock
                yield from self._decoded(container, tracks[min(self._track, len(tracks) - 1)])
        except DomainError:
            # One of several recordings in the file; that it is missing shows in the length.
            return

    def _decoded(self, container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
        for packet in _packets(container, stream):
            self.packets += packet.size > 0
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self.bad_packets += 1
            else:
                yield from frames

    def _place(self, frame: AudioFrame) -> Iterator[Samples]:
        """The samples of a frame, preceded by the silence that its time stamp implies."""
        gap = self._gap(frame)
        if gap < -TOLERANCE and gap > -OVERLAP:
            return
        if abs(gap) > TOLERANCE:
            self.is_corrected |= abs(gap) > DROPOUT or gap < 0
            if gap < 0 or self._clock + gap > self._believed:
                self._origin += gap
            else:
                yield from self._fill(gap)
        if self._setup != _setup_of(frame):
            yield from self._flush()
        try:
            resampled = self._resampled(frame)
        except (av.FFmpegError, ValueError):
            # A damaged frame with another shape; the clock fills the gap that it leaves.
            self.bad_packets += 1
            self._resampler = None
            return
        yield from resampled
        self._clock += frame.samples / frame.sample_rate

    def _gap(self, frame: AudioFrame) -> float:
        if frame.pts is None or frame.time_base is None:
            return 0.0
        return float(frame.pts * frame.time_base) - self._origin - self._clock

    def _fill(self, gap: float) -> Iterator[Samples]:
        yield from self._flush()
        self.lost_seconds += gap if gap > DROPOUT else 0.0
        self._clock += gap
        missing = round(gap * RATE)
        for at in range(0, missing, FILL_BLOCK):
            yield np.zeros((min(FILL_BLOCK, missing - at), self.channels), np.int16)

    def _resampled(self, frame: AudioFrame) -> list[Samples]:
        if frame.sample_rate not in SAMPLE_RATES:
            raise ValueError(frame.sample_rate)
        if self._resampler is None:
            layout = "stereo" if self.channels == 2 else "mono"  # noqa: PLR2004
            self._resampler = AudioResampler(format="s16", layout=layout, rate=RATE, frame_size=RATE)
            self._setup = _setup_of(frame)
        frame.pts = None  # already consumed by the clock
        return [self._array(out) for out in self._resampler.resample(frame)]

    def _flush(self) -> list[Samples]:
        rest = self._resampler.resample(None) if self._resampler is not None else []
        self._resampler = None
        return [self._array(out) for out in rest]

    def _array(self, frame: AudioFrame) -> Samples:
        packed: NDArray[Any] = frame.to_ndarray()
        return packed.reshape(-1, self.channels).astype(np.int16, copy=False)


def _setup_of(frame: AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


def _packets(container: InputContainer, stream: AudioStream) -> "Iterator[av.Packet[AudioStream]]":
    """Packets up to the end, or to the damage that stops the demuxer; missing parts show in the length."""
    try:
        yield from container.demux(stream)
    except av.FFmpegError:
        return


def whole_seconds(arrays: Decoder) -> Iterator[Samples]:
    """Regroup samples into blocks of exactly one second, so that frames never span two blocks."""
    rest = np.empty((0, arrays.channels), np.int16)
    for array in arrays:
        joined = np.concatenate((rest, array)) if len(rest) else array
        whole = len(joined) - len(joined) % RATE
        for at in range(0, whole, RATE):
            yield joined[at : at + RATE]
        rest = joined[whole:]
    if len(rest):
        yield rest


def mixed_down(block: Samples) -> Samples:
    """Mix (samples, channels) to one channel; if opposite phases would cancel out, use the louder one."""
    if block.shape[1] == 1:
        return block.reshape(-1)
    mixed: Samples = (block.astype(np.int32).sum(axis=1) // 2).astype(np.int16)
    loudness = np.square(block, dtype=np.float32).mean(axis=0)
    if np.square(mixed, dtype=np.float32).mean() < loudness.max() / 40:
        return block[:, [loudness.argmax()]].reshape(-1)
    return mixed
