"""Distinguish two voices by timbre (MFCC) and pitch, with numpy only; not meant for noisy rooms."""

import numpy as np
from numpy.typing import NDArray

from sessions_app.pipeline.audio.decode import RATE, Samples

Matrix = NDArray[np.float64]
WINDOW = 640  # 40 ms, two periods of the deepest voice
HOP = 320
FFT = 1024
MEL_BANDS = 26
COEFFICIENTS = 12
LAGS = slice(RATE // 400, RATE // 65)  # 65 to 400 Hz
VOICED = 0.5  # normalised autocorrelation
MIN_VOICED = 12  # frames; shorter segments say too little about a voice
PITCH_WEIGHT = 3.0  # weight of pitch, one number, against twelve of timbre
# One synthetic voice cut in half measures 2.2 to 3.7, two voices 4.0 to 43.
MIN_SEPARATION = 4.0
MIN_TIMBRE = 1.5  # distance of mean MFCC; halves of one voice: 0.4 to 1.0, two voices: 2.0 to 9.9
MIN_PITCH = 0.15  # octaves; halves of one voice: up to 0.05
MIN_SHARE = 0.05  # smaller clusters are noise, not a person
MIN_PRINTS = 6


def voice_print(samples: Samples) -> Matrix | None:
    """Mean timbre (12 MFCC) and log2 pitch over the voiced frames of 16 kHz speech, shape (13,); None if too short."""
    if samples.size < WINDOW + HOP * MIN_VOICED:
        return None
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP] / 32768
    power = np.square(np.abs(np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * _HANN, FFT, axis=1)))
    pitch, strength = _pitch(power)
    voiced = strength > VOICED
    if voiced.sum() < MIN_VOICED:
        return None
    cepstrum = np.log(power[voiced] @ _MEL + 1e-9) @ _COSINES
    return np.append(cepstrum.mean(axis=0), np.median(np.log2(pitch[voiced])))


def _pitch(power: Matrix) -> tuple[Matrix, Matrix]:
    """Hertz and periodicity 0..1 per frame, from the autocorrelation corrected for the window."""
    correlation = np.fft.irfft(power, axis=1)[:, : LAGS.stop]
    normal = correlation / np.maximum(correlation[:, :1], 1e-12) / _TAPER
    lags = normal[:, LAGS]
    best = lags.argmax(axis=1)
    return RATE / (best + LAGS.start), lags[np.arange(len(lags)), best]


def _mel_filters() -> Matrix:
    edges = 700 * (np.exp(np.linspace(np.log1p(80 / 700), np.log1p(7600 / 700), MEL_BANDS + 2)) - 1)
    hertz = np.fft.rfftfreq(FFT, 1 / RATE)[:, np.newaxis]
    rise = (hertz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - hertz) / (edges[2:] - edges[1:-1])
    return np.asarray(np.maximum(np.minimum(rise, fall), 0), np.float64)


def _cosines() -> Matrix:
    bands = np.arange(MEL_BANDS)[:, np.newaxis] + 0.5
    orders = np.arange(1, COEFFICIENTS + 1)
    return np.asarray(np.cos(np.pi / MEL_BANDS * bands * orders) * np.sqrt(2 / MEL_BANDS), np.float64)


_HANN = np.hanning(WINDOW)
_MEL = _mel_filters()
_COSINES = _cosines()
_taper = np.fft.irfft(np.square(np.abs(np.fft.rfft(_HANN, FFT))))[: LAGS.stop]
_TAPER = _taper / _taper[0]


def two_voices(prints: Matrix) -> NDArray[np.bool_] | None:
    """Assign each print, shape (n, 13), to one of two voices; None if they may be one voice."""
    if len(prints) < MIN_PRINTS:
        return None
    scaled = (prints - prints.mean(axis=0)) / np.maximum(prints.std(axis=0), 1e-9)
    scaled[:, -1] *= PITCH_WEIGHT
    labels = _two_means(scaled)
    share = float(labels.mean())
    if not MIN_SHARE <= share <= 1 - MIN_SHARE or separation(scaled, labels) < MIN_SEPARATION:
        return None
    apart = prints[labels].mean(axis=0) - prints[~labels].mean(axis=0)
    is_audible = float(np.linalg.norm(apart[:-1])) >= MIN_TIMBRE or abs(float(apart[-1])) >= MIN_PITCH
    return labels if is_audible else None


def _two_means(points: Matrix) -> NDArray[np.bool_]:
    """Initialized along the direction of greatest variance, so that it is deterministic."""
    labels = points @ np.linalg.svd(points, full_matrices=False)[2][0] > 0
    for _ in range(20):
        if labels.all() or not labels.any():
            break
        centres = np.stack([points[~labels].mean(axis=0), points[labels].mean(axis=0)])
        nearest = np.linalg.norm(points[:, np.newaxis] - centres, axis=2).argmin(axis=1).astype(np.bool_)
        if (nearest == labels).all():
            break
        labels = nearest
    return np.asarray(labels, np.bool_)


def separation(points: Matrix, labels: NDArray[np.bool_]) -> float:
    """Distance between the two means in pooled standard deviations, along the line between them (d prime)."""
    line = points[labels].mean(axis=0) - points[~labels].mean(axis=0)
    along = points @ line / max(float(np.linalg.norm(line)), 1e-9)
    one, other = along[labels], along[~labels]
    spread = np.sqrt((one.var() * one.size + other.var() * other.size) / along.size)
    return float((one.mean() - other.mean()) / max(float(spread), 1e-9))
