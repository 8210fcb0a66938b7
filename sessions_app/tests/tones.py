"""Recordings for the engine tests: bursts of sound at known times, as the splitter would write them."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np

from sessions_app.pipeline.types import Piece

RATE = 16_000


def tone_piece(
    path: Path, spans: Sequence[tuple[float, float]] = ((0.5, 2.0),), seconds: float = 3.0, index: int = 0
) -> Piece:
    """A FLAC chunk that is silent except for a 220 Hz tone within the spans (seconds)."""
    times = np.arange(int(seconds * RATE)) / RATE
    loud = np.zeros_like(times)
    for start, end in spans:
        loud[(times >= start) & (times < end)] = 0.3
    samples = (np.sin(2 * np.pi * 220 * times) * loud * 32767).astype(np.int16)
    write_flac(path, samples)
    return Piece(index, 0.0, seconds, path)


def write_flac(path: Path, samples: np.ndarray) -> None:
    """Write 16 kHz mono samples."""
    with av.open(str(path), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
