"""One streaming pass over a recording: decode, measure, cut at silences, write FLAC chunks."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame

from sessions_app.pipeline.audio.cuts import speech_spans, utterance_groups, widest_silence
from sessions_app.pipeline.audio.decode import RATE, Decoder, Samples, mixed_down, whole_seconds
from sessions_app.pipeline.audio.levels import (
    FRAME,
    FRAMES_PER_SECOND,
    LevelMeter,
    amplified,
    channel_balance,
    speech_threshold,
    tonal_share,
    waveform,
)
from sessions_app.pipeline.audio.probe import unreadable
from sessions_app.pipeline.audio.tracks import choose_track
from sessions_app.pipeline.types import AudioInfo, Piece, SplitResult

UTTERANCE_SECONDS = 25.0
LISTEN_SECONDS = 60  # utterances are searched in windows of this length
FLOOR_FRAMES = 300 * FRAMES_PER_SECOND  # the background level is measured over the last five minutes
MAX_BAD_SHARE = 0.2
COMPLETE_SHARE = 0.97
ENCODE_BLOCK = 10 * RATE
REPORT_EVERY = 0.3  # seconds
Progress = Callable[[float], None]


def split(
    path: Path,
    info: AudioInfo,
    out_dir: Path,
    *,
    max_seconds: float,
    utterances: bool,
    on_progress: Progress | None = None,
) -> SplitResult:
    """Cut a probed recording into 16 kHz mono FLAC chunks of at most `max_seconds`, in constant memory.

    Chunks cover the whole recording or, with `utterances`, groups of speech of at most 25 s. `on_progress` gets 0..1
    and may raise to cancel; after an error, all chunks are removed. Raises `unreadable`, `too_long`.
    """
    out_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    remove_pieces(out_dir)  # left by an attempt that was killed
    try:
        return _Splitter(path, info, out_dir, max_seconds, utterances=utterances).run(_throttled(on_progress))
    except BaseException:
        remove_pieces(out_dir)
        raise


def remove_pieces(out_dir: Path) -> None:
    """Delete the chunks that `split` wrote into this folder."""
    for piece in out_dir.glob("piece-*.flac"):
        piece.unlink(missing_ok=True)


class _Splitter:
    """The state of one pass: samples not yet written, their start, and the chunks so far."""

    def __init__(self, path: Path, info: AudioInfo, out_dir: Path, max_seconds: float, *, utterances: bool) -> None:
        self.info = info
        self.out_dir = out_dir
        self.track = choose_track(path, info)
        self.decoder = Decoder(path, info, self.track.index)
        self.meter = LevelMeter()
        self.utterances = utterances
        longest = min(max_seconds, UTTERANCE_SECONDS) if utterances else max_seconds
        self.longest = int(longest * FRAMES_PER_SECOND)
        self.room = max(LISTEN_SECONDS * FRAMES_PER_SECOND, self.longest) if utterances else self.longest
        self.pending = _Pending(self.room * FRAME + 2 * RATE)
        self.first = 0  # frame at which the pending samples start
        self.pieces: list[Piece] = []

    def run(self, report: Progress) -> SplitResult:
        for block in whole_seconds(self.decoder):
            mono = mixed_down(block)
            self.meter.feed(mono, block)
            self.pending.append(mono)
            while len(self.meter.levels) - self.first > self.room:
                self._cut(is_last=False)
            report(min(self._seconds() / max(self.info.duration, 1), 0.99))
        self._check_readable()
        while self.pending.size:
            self._cut(is_last=True)
        report(1.0)
        return self._result()

    def _cut(self, *, is_last: bool) -> None:
        levels = self.meter.levels
        threshold = speech_threshold(levels[max(0, levels.size - max(FLOOR_FRAMES, self.room)) :])
        ahead = levels[self.first :]
        if self.utterances:
            spans, done = utterance_groups(ahead, threshold, self.longest, is_last=is_last)
        else:
            done = len(ahead) if len(ahead) <= self.longest else widest_silence(ahead, threshold, self.longest)
            spans = [(0, done)]
        for start, end in spans:
            self._write(start, end, threshold)
        self.pending.drop(done * FRAME)
        self.first += done

    def _write(self, start: int, end: int, threshold: float) -> None:
        samples = self.pending.samples[start * FRAME : end * FRAME]
        levels = self.meter.levels[self.first + start : self.first + end]
        index = len(self.pieces)
        path = self.out_dir / f"piece-{index:04d}.flac"
        write_flac(path, amplified(samples, levels, threshold))
        begin = (self.first + start) / FRAMES_PER_SECOND
        speech = (speech_spans(levels, threshold) / FRAMES_PER_SECOND).tolist()
        self.pieces.append(Piece(index, round(begin, 3), round(begin + samples.size / RATE, 3), path, speech))

    def _seconds(self) -> float:
        return self.first / FRAMES_PER_SECOND + self.pending.size / RATE

    def _check_readable(self) -> None:
        decoder = self.decoder
        if not self._seconds() or decoder.bad_packets > MAX_BAD_SHARE * decoder.packets:
            raise unreadable()
        self.duration = self._seconds()

    def _result(self) -> SplitResult:
        meter = self.meter
        threshold = speech_threshold(meter.levels)
        spoken = speech_spans(meter.levels, threshold)
        read = self.duration - self.decoder.lost_seconds
        return SplitResult(
            pieces=self.pieces,
            duration=round(self.duration, 3),
            declared=self.info.duration,
            speech_seconds=round(float((spoken[:, 1] - spoken[:, 0]).sum()) / FRAMES_PER_SECOND, 2),
            peaks=waveform(meter.tops),
            warnings=[*_warnings(read, self.info.duration), *self.track.warnings],
            track=self.track.index,
            tracks=self.track.of,
            is_corrected=self.decoder.is_corrected,
            tonal_share=round(tonal_share(meter.tones, meter.levels, threshold), 3),
            channel_balance=channel_balance(meter.sides, meter.levels, threshold),
        )


class _Pending:
    """Samples waiting to be cut, in a buffer that is allocated once."""

    def __init__(self, capacity: int) -> None:
        self._store = np.empty(capacity, np.int16)
        self.size = 0

    @property
    def samples(self) -> Samples:
        return self._store[: self.size]

    def append(self, more: Samples) -> None:
        self._store[self.size : self.size + more.size] = more
        self.size += more.size

    def drop(self, count: int) -> None:
        keep = max(0, self.size - count)
        self._store[:keep] = self._store[self.size - keep : self.size]
        self.size = keep


def write_flac(path: Path, samples: Samples) -> None:
    """Write 16 kHz mono samples as FLAC, readable only by the owner."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    with av.open(str(path), "w", format="flac") as target:
        stream = target.add_stream("flac", rate=RATE, options={"compression_level": "3"}, layout="mono")
        for at in range(0, samples.size, ENCODE_BLOCK):
            frame = AudioFrame.from_ndarray(samples[np.newaxis, at : at + ENCODE_BLOCK], format="s16", layout="mono")
            frame.sample_rate = RATE
            frame.pts = at
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))


def read_flac(path: Path) -> Samples:
    """All samples of a chunk, which is short enough for memory."""
    samples = bytearray()  # grows in place: joining a list of frames would need twice the memory
    with av.open(str(path), format="flac", options={"protocol_whitelist": "file"}) as source:
        for frame in source.decode(audio=0):
            samples += frame.to_ndarray().tobytes()
    return np.frombuffer(samples, dtype=np.int16)


def _warnings(read: float, declared: float) -> list[str]:
    if read >= COMPLETE_SHARE * declared:
        return []
    unit, name = (1, "seconds") if declared < 120 else (60, "minutes")  # noqa: PLR2004 (until then seconds say more)
    part, whole = int(read / unit + 0.05), round(declared / unit)
    if part == whole:
        return [f"Only {read / unit:.1f} of {declared / unit:.1f} {name} could be read."]
    return [f"Only {part} of {whole} {name} could be read."]


def _throttled(on_progress: Progress | None) -> Progress:
    """Pass on a few reports per second, and always the last one."""
    reported = float("-inf")

    def report(done: float) -> None:
        nonlocal reported
        now = time.monotonic()
        if on_progress is not None and (done >= 1 or now - reported >= REPORT_EVERY):
            reported = now
            on_progress(done)

    return report
