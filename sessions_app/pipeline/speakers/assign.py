"""Speaker assignment: by channel, else by the provider's labels, else by voice."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from sessions_app.pipeline.audio.decode import RATE, Samples
from sessions_app.pipeline.audio.splitter import read_flac
from sessions_app.pipeline.speakers.roles import name_roles
from sessions_app.pipeline.speakers.voices import two_voices, voice_print
from sessions_app.pipeline.types import Piece, Segment, Speaker

SpeakerSource = Literal["channel", "provider", "voice", "none"]
Labels = list[str | None]
BALANCE_PER_SECOND = 10
CLEAR_SIDE = 1.5  # dB
SAMPLE_SECONDS = 4.0  # of each segment
_SWAPPED: dict[Speaker, Speaker] = {"therapist": "patient", "patient": "therapist"}


def assign_speakers(
    segments: Sequence[Segment],
    provider_labels: Sequence[str | None],
    *,
    pieces: Sequence[Piece] = (),
    channel_balance: Sequence[int] | None = None,
) -> tuple[list[Segment], SpeakerSource]:
    """Assign the speaker of each segment from the best available source; provider labels are aligned with the segments.

    Chunks must still be on disk; they are read one at a time. Segments that cannot be assigned stay "unknown".
    """
    by_channel = _channel_labels(segments, channel_balance or ())
    if _tells_apart(by_channel):
        return _with_roles(segments, by_channel), "channel"
    if _tells_apart(provider_labels):
        return _from_provider(segments, list(provider_labels), pieces), "provider"
    by_voice = _voice_labels(segments, pieces)
    if _tells_apart(by_voice):
        return _with_roles(segments, by_voice), "voice"
    return [replace(segment, speaker="unknown") for segment in segments], "none"


def swap_speakers(segments: Sequence[Segment]) -> list[Segment]:
    """Swap therapist and patient; other speakers stay."""
    return [replace(segment, speaker=_SWAPPED.get(segment.speaker, segment.speaker)) for segment in segments]


def _tells_apart(labels: Sequence[str | None]) -> bool:
    return len({label for label in labels if label}) > 1


def _with_roles(segments: Sequence[Segment], labels: Labels) -> list[Segment]:
    spoken: dict[str, list[str]] = defaultdict(list)
    for segment, label in zip(segments, labels, strict=True):
        if label:
            spoken[label].append(segment.text)
    roles = name_roles(spoken) if spoken else {}
    return [
        replace(segment, speaker=roles[label] if label else "unknown")
        for segment, label in zip(segments, labels, strict=True)
    ]


def _from_provider(segments: Sequence[Segment], labels: Labels, pieces: Sequence[Piece]) -> list[Segment]:
    """Providers restart with "A" in every chunk: link chunks by voice, else name the roles of each by its words."""
    by_piece: dict[int, list[int]] = defaultdict(list)
    for position, segment in enumerate(segments):
        by_piece[_piece_at(pieces, segment.start)].append(position)
    linked = _linked(labels, by_piece, _voice_labels(segments, pieces)) if len(by_piece) > 1 else None
    if linked is not None:
        return _with_roles(segments, linked)
    result = list(segments)
    for positions in by_piece.values():
        named = _with_roles([segments[i] for i in positions], [labels[i] for i in positions])
        for position, segment in zip(positions, named, strict=True):
            result[position] = segment
    return result


def _linked(labels: Labels, by_piece: Mapping[int, list[int]], voices: Labels) -> Labels | None:
    """Replace each chunk's labels by their most frequent voice; None unless that is one to one."""
    result = labels.copy()
    for positions in by_piece.values():
        votes_for: dict[str, Counter[str]] = defaultdict(Counter)
        for position in positions:
            label, voice = labels[position], voices[position]
            if label and voice:
                votes_for[label][voice] += 1
        voice_of = {label: votes.most_common(1)[0][0] for label, votes in votes_for.items()}
        if len(set(voice_of.values())) < len({labels[i] for i in positions} - {None, ""}):
            return None
        for position in positions:
            result[position] = voice_of.get(labels[position] or "")
    return result


def _piece_at(pieces: Sequence[Piece], start: float | None) -> int:
    if start is None:
        return 0
    return max(0, bisect_right(pieces, start, key=lambda piece: piece.start) - 1)


def _channel_labels(segments: Sequence[Segment], balance: Sequence[int]) -> Labels:
    decibels = np.asarray(balance, np.float64)
    return [_side(segment, decibels) for segment in segments]


def _side(segment: Segment, decibels: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> str | None:
    if segment.start is None or segment.end is None:
        return None
    first = int(segment.start * BALANCE_PER_SECOND)
    levels = decibels[first : max(first + 1, round(segment.end * BALANCE_PER_SECOND))]
    levels = levels[levels != 0]
    if not levels.size or abs(levels.mean()) < CLEAR_SIDE:
        return None
    return "left" if levels.mean() > 0 else "right"


def _voice_labels(segments: Sequence[Segment], pieces: Sequence[Piece]) -> Labels:
    """Cluster the voice prints of all segments that are long enough."""
    labels: Labels = [None] * len(segments)
    positions, prints = [], []
    for position, samples in _samples_of(segments, pieces):
        found = voice_print(samples)
        if found is not None:
            positions.append(position)
            prints.append(found)
    voices = two_voices(np.stack(prints)) if prints else None
    if voices is not None:
        for position, voice in zip(positions, voices, strict=True):
            labels[position] = "one" if voice else "two"
    return labels


def _samples_of(segments: Sequence[Segment], pieces: Sequence[Piece]) -> Iterator[tuple[int, Samples]]:
    """The first seconds of each timed segment's audio, with one chunk in memory at a time."""
    by_piece: dict[int, list[int]] = defaultdict(list)
    for position, segment in enumerate(segments):
        if segment.start is not None and segment.end is not None and pieces:
            by_piece[_piece_at(pieces, segment.start)].append(position)
    for index, positions in by_piece.items():
        samples = read_flac(pieces[index].path)
        for position in positions:
            start = max(0.0, (segments[position].start or 0.0) - pieces[index].start)
            end = min((segments[position].end or 0.0) - pieces[index].start, start + SAMPLE_SECONDS)
            yield position, samples[int(start * RATE) : max(0, int(end * RATE))]
