"""Synthetic recordings: speech-like sound made with numpy, encoded with PyAV in every accepted format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np

RATE = 16_000
Tamper = Callable[[int, av.Packet], av.Packet | None]


@dataclass(frozen=True)
class Voice:
    """A pitch (hertz) and the formants of its vowels (hertz)."""

    pitch: float
    formants: Sequence[tuple[float, float]]


DEEP = Voice(105, ((650, 1080), (400, 1700), (290, 1900), (420, 850)))
HIGH = Voice(205, ((850, 1350), (480, 2250), (350, 2700), (500, 1000)))


@dataclass(frozen=True)
class Encoding:
    container: str
    codec: str
    rate: int
    options: tuple[tuple[str, str], ...] = ()
    bit_rate: int = 0  # bits per second; 0: the default of the codec


ENCODINGS = {
    "mp3": Encoding("mp3", "libmp3lame", 44_100),
    "wav": Encoding("wav", "pcm_s16le", 16_000),
    "m4a": Encoding("ipod", "aac", 44_100),
    "mp4": Encoding("mp4", "aac", 44_100),
    "mpeg": Encoding("mpeg", "mp2", 44_100),
    "mpga": Encoding("mp2", "mp2", 44_100),
    "webm": Encoding("webm", "libopus", 48_000),
    "browser.webm": Encoding("webm", "libopus", 48_000, (("live", "1"),)),
    "safari.mp4": Encoding(
        "mp4", "aac", 44_100, (("movflags", "frag_keyframe+empty_moov"), ("frag_duration", "500000"))
    ),
    "ogg": Encoding("ogg", "libopus", 48_000),
    "opus": Encoding("opus", "libopus", 48_000),
    "flac": Encoding("flac", "flac", 44_100),
    "aac": Encoding("adts", "aac", 44_100),
    "amr": Encoding("amr", "libopencore_amrnb", 8_000),
    "3gp": Encoding("3gp", "libopencore_amrnb", 8_000),
    "aiff": Encoding("aiff", "pcm_s16be", 44_100),
    "caf": Encoding("caf", "alac", 44_100),
    "mov": Encoding("mov", "aac", 44_100),
    "mkv": Encoding("matroska", "libopus", 48_000),
    "wma": Encoding("asf", "wmav2", 44_100, bit_rate=64_000),
}


def room(seconds: float, seed: int = 0) -> np.ndarray:
    """A quiet room, about -66 dBFS."""
    return np.random.default_rng(seed).normal(0, 0.0005, int(seconds * RATE))


def tone(seconds: float, hertz: float = 440, level: float = 0.3) -> np.ndarray:
    return level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


@cache
def speech(seconds: float, voice: Voice = DEEP, seed: int = 0) -> np.ndarray:
    """Syllables of 0.2 s: harmonics under moving formants, every fourth starts with a hiss; loud about -15 dBFS."""
    rng = np.random.default_rng(seed)
    syllables = [_syllable(voice, rng, hiss=index % 4 == 3) for index in range(int(np.ceil(seconds * 5)))]
    return np.concatenate(syllables)[: int(seconds * RATE)]


def _syllable(voice: Voice, rng: np.random.Generator, *, hiss: bool) -> np.ndarray:
    times = np.arange(RATE // 5) / RATE
    pitch = voice.pitch * rng.uniform(0.94, 1.06)
    first, second = voice.formants[rng.integers(len(voice.formants))]
    sound = np.zeros_like(times)
    for harmonic in np.arange(1, 3500 // pitch) * pitch:
        strength = 1 / (1 + ((harmonic - first) / 90) ** 2) + 0.6 / (1 + ((harmonic - second) / 120) ** 2)
        sound += strength * np.sin(2 * np.pi * harmonic * times + rng.uniform(0, 6))
    if hiss:
        start = RATE // 20
        sound[:start] = np.diff(rng.normal(0, 1, start + 1))
    envelope = np.sin(np.pi * times * 5) ** 0.7
    return 0.25 * sound * envelope / np.abs(sound).max()


def dialogue(
    turns: int, seconds: float = 2.0, gap: float = 0.8, voices: Sequence[Voice] = (HIGH, DEEP)
) -> tuple[list[np.ndarray], list[tuple[float, float, int]]]:
    """One track per voice and the truth (start, end, voice); the first turn starts at `gap`."""
    size = int((gap + turns * (seconds + gap)) * RATE)
    tracks = [room(size / RATE, seed=n) for n in range(len(voices))]
    truth = []
    for turn in range(turns):
        who = turn % len(voices)
        start = gap + turn * (seconds + gap)
        spoken = speech(seconds, voices[who], seed=100 + turn)
        tracks[who][int(start * RATE) : int(start * RATE) + spoken.size] += spoken
        truth.append((start, start + seconds, who))
    return tracks, truth


def write(
    path: Path,
    channels: Sequence[np.ndarray],
    kind: str | None = None,
    *,
    with_film: bool = False,
    tamper: Tamper = lambda _, packet: packet,
) -> Path:
    """Encode -1..1 tracks as `kind` (default: the file's suffix); `tamper` may change or drop (None) packets."""
    encoding = ENCODINGS[kind or path.suffix.lstrip(".")]
    with av.open(str(path), "w", format=encoding.container, options=dict(encoding.options)) as target:
        layout = {1: "mono", 2: "stereo"}.get(len(channels), f"{len(channels)}c")
        stream = target.add_stream(encoding.codec, rate=encoding.rate, layout=layout, bit_rate=encoding.bit_rate)
        film = _add_film(target) if with_film else None
        packets = (
            packet for frame in [*_frames(channels, encoding.rate, stream), None] for packet in stream.encode(frame)
        )
        for index, packet in enumerate(packets):
            kept = tamper(index, packet)
            if kept is not None:
                target.mux_one(kept)
        if film is not None:
            _shoot(target, film)
    return path


def _frames(channels: Sequence[np.ndarray], rate: int, stream: av.AudioStream) -> list[av.AudioFrame]:
    interleaved = (np.clip(np.stack(channels, axis=1), -1, 1) * 32767).astype(np.int16).reshape(1, -1)
    layout, size = stream.layout.name, stream.frame_size or 960  # 960: 20 ms for Opus, which takes several sizes
    resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=rate, frame_size=size)
    whole = av.AudioFrame.from_ndarray(interleaved, format="s16", layout=layout)
    whole.sample_rate = RATE
    frames, at = [*resampler.resample(whole), *resampler.resample(None)], 0
    for frame in frames:
        frame.pts, frame.time_base = at, Fraction(1, rate)
        at += frame.samples
    return frames


def damage_packets(path: Path, recording_format: str, every: int) -> Path:
    """Overwrite one of `every` packets in place, after the first 20."""
    with av.open(str(path), format=recording_format) as source:
        places = [(packet.pos, packet.size) for packet in source.demux(audio=0) if packet.size]
    content = bytearray(path.read_bytes())
    for at, size in places[20::every]:
        content[at : at + size] = b"\xff" * size
    path.write_bytes(content)
    return path


def write_film(path: Path) -> Path:
    """A video without sound."""
    with av.open(str(path), "w", format="mp4") as target:
        _shoot(target, _add_film(target))
    return path


def _add_film(target: av.container.OutputContainer) -> av.VideoStream:
    film = target.add_stream("mpeg4", rate=10)
    film.width = film.height = 64
    film.pix_fmt = "yuv420p"
    return film


def _shoot(target: av.container.OutputContainer, film: av.VideoStream) -> None:
    noise = np.random.default_rng(0)
    for _ in range(10):
        picture = av.VideoFrame.from_ndarray(noise.integers(0, 255, (64, 64, 3), np.uint8), format="rgb24")
        target.mux(film.encode(picture))
    target.mux(film.encode(None))
