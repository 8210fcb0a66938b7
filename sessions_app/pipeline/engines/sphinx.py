"""Speech to text with the model bundled with pocketsphinx: no key, no network, demonstration quality.

Measured word error 28 to 57 %: good enough to try the product, never good enough to rely on.
"""

import errno
import functools
import re
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.error import FFmpegError, InvalidDataError

from sessions_app.pipeline.engines.base import UTTERANCE_SECONDS, Permanent
from sessions_app.pipeline.types import Capability, Piece, PieceText, Quality, RawSegment

SAMPLE_RATE = 16_000
FRAMES_PER_SECOND = 100  # of the decoder's word times
PAUSE_SECONDS = 0.6  # a longer silence starts a new line
# The decoder holds the GIL: half a second of audio (about 70 ms of work) at a time allows the lease's thread to run in
# between. For the same reason, more than one chunk at a time would not help.
STEP_BYTES = SAMPLE_RATE
_FILLER = re.compile(r"^(<.*>|\[.*\]|\+\+.*\+\+)$")  # <s>, <sil>, [NOISE], ++um++
_VARIANT = re.compile(r"\(\d+\)$")  # the(2): the second pronunciation of "the"
_lock = threading.Lock()


class SphinxTranscriber:
    """The fallback if nothing is configured; English only."""

    name = "pocketsphinx"
    model = "en-us"
    quality: Quality = "demonstration"
    parallel = 1

    def capability(self) -> Capability:
        """Works best with one utterance at a time, so it counts as a model without timestamps."""
        return Capability("words", UTTERANCE_SECONDS, has_timestamps=False, has_speakers=False)

    def transcribe(self, piece: Piece, *, language: str | None = None) -> PieceText:
        """Transcribe to lower-case words without punctuation, split into lines at pauses; `language` is ignored."""
        try:
            pcm = read_pcm(piece.path)
        except FFmpegError:
            raise Permanent from None
        with _lock:
            words = _words(pcm)
        return PieceText(_lines(words), "en")


def read_pcm(source: Path | BinaryIO) -> bytes:
    """The samples of a FLAC file as 16 kHz mono signed 16-bit; raises FFmpegError if there are none."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    chunks: list[bytes] = []
    with av.open(str(source) if isinstance(source, Path) else source, mode="r", format="flac") as container:
        for frame in [*container.decode(audio=0), None]:
            chunks += [part.to_ndarray().tobytes() for part in resampler.resample(frame)]
    if not chunks:  # the demuxer accepts any bytes as FLAC
        raise InvalidDataError(errno.EINVAL, "no audio")
    return b"".join(chunks)


@functools.cache
def _decoder() -> Any:
    """One per process: it adapts to the room's acoustics, so later utterances are recognized better."""
    from pocketsphinx import Decoder

    return Decoder(loglevel="FATAL")


def _words(pcm: bytes) -> list[tuple[str, float, float]]:
    """(word, start, end) with times in seconds."""
    decoder = _decoder()
    decoder.start_utt()
    try:
        for offset in range(0, len(pcm), STEP_BYTES):
            decoder.process_raw(pcm[offset : offset + STEP_BYTES])
    finally:
        decoder.end_utt()
    return [
        (_VARIANT.sub("", word.word), word.start_frame / FRAMES_PER_SECOND, (word.end_frame + 1) / FRAMES_PER_SECOND)
        for word in decoder.seg() or []
        if not _FILLER.match(word.word)
    ]


def _lines(words: Iterable[tuple[str, float, float]]) -> list[RawSegment]:
    lines: list[RawSegment] = []
    for word, start, end in words:
        last = lines[-1] if lines else None
        if last and last.start is not None and last.end is not None and start - last.end < PAUSE_SECONDS:
            lines[-1] = RawSegment(f"{last.text} {word}", last.start, end)
        else:
            lines.append(RawSegment(word, start, end))
    return lines
