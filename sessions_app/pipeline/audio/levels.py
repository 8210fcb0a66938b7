"""Loudness of a recording in 20 ms frames, used for cutting, the waveform and the silence guard."""

import numpy as np
from numpy.typing import NDArray

from sessions_app.pipeline.audio.decode import RATE, Samples

FRAME = RATE // 50  # samples in 20 ms
FRAMES_PER_SECOND = 50
GROUP = 5  # frames in the 0.1 s over which tone and channel balance are measured
PEAKS = 400
MUTED = -80.0  # dBFS; anything quieter is a muted microphone, which says nothing about the room
ABOVE_FLOOR = 9.0  # dB
LOWEST = -72.0  # dBFS; anything quieter is not speech
QUIET_SPEECH = -26.0  # dBFS; what is quieter is amplified: engines hear nothing in speech at -65 dBFS
MOST_GAIN = 46.0  # dB
QUIET_PEAK = 0.01  # a recording that never gets louder is drawn flat, not amplified
Floats = NDArray[np.float32]


class LevelMeter:
    """Measures consecutive blocks of whole frames (only the last may be partial); keeps about ten bytes per frame."""

    def __init__(self) -> None:
        self._levels = _Growing(())
        self._tops = _Growing(())
        self._tones = _Growing(())
        self._sides = _Growing((2,))

    @property
    def levels(self) -> Floats:
        """dBFS per frame."""
        return self._levels.values

    @property
    def tops(self) -> Floats:
        """Amplitude 0..1 per frame."""
        return self._tops.values

    @property
    def tones(self) -> Floats:
        """Share of the strongest partial, 0..1, per GROUP."""
        return self._tones.values

    @property
    def sides(self) -> Floats:
        """Mean square of left and right per GROUP, shape (groups, 2); empty for mono."""
        return self._sides.values

    def feed(self, mono: Samples, block: Samples) -> None:
        """Measure one block; `mono` is the mix of `block` (samples, channels)."""
        frames = _framed(mono[:, np.newaxis], FRAME)[:, :, 0]
        centred = frames - frames.mean(axis=1, keepdims=True)  # removes the DC offset of cheap sound cards
        power = np.square(centred).mean(axis=1)
        self._levels.extend(10 * np.log10(np.maximum(power, 1e-11)))
        self._tops.extend(np.abs(centred).max(axis=1))
        self._tones.extend(_strongest_partial(centred[::GROUP]))
        if block.shape[1] == 2:  # noqa: PLR2004
            self._sides.extend(np.square(_framed(block, FRAME * GROUP)).mean(axis=1))


class _Growing:
    """An array that grows by doubling: a list of small arrays would be joined again on every access."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._store = np.empty((4096, *shape), np.float32)
        self._used = 0

    @property
    def values(self) -> Floats:
        return self._store[: self._used]

    def extend(self, more: NDArray[np.floating]) -> None:
        end = self._used + len(more)
        while end > len(self._store):
            self._store = np.concatenate((self._store, np.empty_like(self._store)))
        self._store[self._used : end] = more
        self._used = end


def _framed(block: Samples, size: int) -> Floats:
    """(frames, size, channels) in -1..1; a partial last frame is padded with zeros."""
    ragged = -len(block) % size
    padded = np.pad(block, ((0, ragged), (0, 0))) if ragged else block
    return np.divide(padded.reshape(-1, size, block.shape[1]), 32768, dtype=np.float32)


def _strongest_partial(frames: Floats) -> Floats:
    """Per frame, the share of energy above 150 Hz (mains hum) in the strongest bin and its neighbours."""
    spectrum: Floats = np.square(np.abs(np.fft.rfft(frames * np.hanning(FRAME), axis=1)))[:, 3:].astype(np.float32)
    strongest = spectrum.argmax(axis=1)
    rows = np.arange(len(spectrum))
    near = [spectrum[rows, np.clip(strongest + step, 0, spectrum.shape[1] - 1)] for step in (-1, 0, 1)]
    return np.asarray(np.sum(near, axis=0) / np.maximum(spectrum.sum(axis=1), 1e-9), np.float32)


def speech_threshold(levels: Floats) -> float:
    """dBFS above which a frame counts as speech: the quietest tenth of the frames plus 9 dB."""
    audible = levels[levels > MUTED]
    if not audible.size:
        return 0.0
    return max(float(np.percentile(audible, 10)) + ABOVE_FLOOR, LOWEST)


def amplified(samples: Samples, levels: Floats, threshold: float) -> Samples:
    """Raise the loud parts of quiet speech to QUIET_SPEECH; silence stays as it is."""
    loud = levels[levels > threshold]
    gain = min(QUIET_SPEECH - float(np.percentile(loud, 75)), MOST_GAIN) if loud.size else 0.0
    if gain <= 0:
        return samples
    return np.asarray(np.clip(samples * np.float32(10 ** (gain / 20)), -32768, 32767), np.int16)


def waveform(tops: Floats) -> list[float]:
    """PEAKS amplitudes 0..1, scaled to 1 unless the whole recording is nearly silent."""
    if not tops.size:
        return [0.0] * PEAKS
    edges = (np.arange(PEAKS) * tops.size / PEAKS).astype(int)
    drawn = np.maximum.reduceat(tops, edges) / max(float(tops.max()), QUIET_PEAK)
    return [round(float(value), 3) for value in np.clip(drawn, 0, 1)]


def tonal_share(tones: Floats, levels: Floats, threshold: float) -> float:
    """Share of the loud parts that are a pure tone, 0..1."""
    loud = levels[::GROUP][: tones.size] > threshold
    return float((tones[loud] > 0.8).mean()) if loud.any() else 0.0  # noqa: PLR2004


def channel_balance(sides: Floats, levels: Floats, threshold: float) -> list[int] | None:
    """Left minus right in dB per 0.1 s, 0 without speech; None unless each channel has one speaker."""
    if not sides.size:
        return None
    decibels = 10 * np.log10(np.maximum(sides, 1e-10))
    difference = np.clip(decibels[:, 0] - decibels[:, 1], -60, 60)
    loud = np.maximum.reduceat(levels, np.arange(0, levels.size, GROUP))[: len(difference)] > threshold
    spoken = difference[loud]
    left, right = (spoken > 6).sum(), (spoken < -6).sum()  # noqa: PLR2004
    if min(left, right) < 0.05 * spoken.size or left + right < 0.6 * spoken.size:
        return None
    return [int(value) for value in np.where(loud, difference, 0).round()]
