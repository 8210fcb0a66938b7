"""Telling voices apart in a recording: by channel, else by the provider's labels, else by sound."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from sessions_app.pipeline.audio.decode import RATE, Samples
from sessions_app.pipeline.audio.splitter import read_flac
from sessions_app.pipeline.speakers.questions import clear_therapist
from sessions_app.pipeline.speakers.resolve import voices_of
from sessions_app.pipeline.speakers.voices import two_voices, voice_print
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.types import BeforeCall, Piece, Segment, unasked

Labels = list[str | None]
BALANCE_PER_SECOND = 10
CLEAR_SIDE = 1.5  # dB
SAMPLE_SECONDS = 4.0  # of each segment
_PAIR = 2


def with_voices(
    segments: Sequence[Segment],
    provider_labels: Sequence[str | None],
    *,
    pieces: Sequence[Piece] = (),
    channel_balance: Sequence[int] | None = None,
    before_piece: BeforeCall = unasked,
) -> list[Segment]:
    """Label the voice of each segment from the best available source; provider labels are aligned with the segments.

    Chunks must still be on disk; they are read one at a time, each after `before_piece`. Segments that cannot be
    assigned have no label.
    """
    samples = _samples_of(segments, pieces, before_piece)  # read only if a voice is needed
    by_channel = _channel_labels(segments, channel_balance or ())
    if _tells_apart(by_channel):
        return _labelled(segments, by_channel)
    if _tells_apart(provider_labels):
        return _labelled(segments, _from_provider(segments, list(provider_labels), pieces, samples))
    by_voice = _voice_labels(len(segments), samples)
    return _labelled(segments, by_voice if _tells_apart(by_voice) else [None] * len(segments))


def _tells_apart(labels: Sequence[str | None]) -> bool:
    return len({label for label in labels if label}) > 1


def _labelled(segments: Sequence[Segment], labels: Labels) -> list[Segment]:
    return [replace(segment, label=label or "") for segment, label in zip(segments, labels, strict=True)]


def _from_provider(
    segments: Sequence[Segment], labels: Labels, pieces: Sequence[Piece], samples: Iterable[tuple[int, Samples]]
) -> Labels:
    """Providers start again with "A" in every chunk: link chunks by voice, else by who asks the questions."""
    by_piece: dict[int, list[int]] = defaultdict(list)
    for position, segment in enumerate(segments):
        by_piece[_piece_at(pieces, segment.start)].append(position)
    if len(by_piece) == 1:
        return labels
    linked = _linked(labels, by_piece, _voice_labels(len(segments), samples))
    return linked or _linked_by_words(segments, labels, by_piece)


def _linked_by_words(segments: Sequence[Segment], labels: Labels, by_piece: Mapping[int, list[int]]) -> Labels:
    """Voice 1 asks, voice 2 answers; a chunk in which that is not clear keeps voices of its own."""
    result = labels.copy()
    for piece, positions in by_piece.items():
        voices = voices_of([replace(segments[at], label=labels[at] or "") for at in positions])
        asking = clear_therapist(voices) if len(voices) == _PAIR else None
        for at in positions:
            if label := labels[at]:
                clear = "Voice 1" if fold(label) == asking else "Voice 2"
                result[at] = clear if asking else f"{label}, part {piece + 1}"
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
    return "Left channel" if levels.mean() > 0 else "Right channel"


def _voice_labels(count: int, samples: Iterable[tuple[int, Samples]]) -> Labels:
    """Cluster the voice prints of those of `count` segments that are long enough."""
    labels: Labels = [None] * count
    positions, prints = [], []
    for position, spoken in samples:
        found = voice_print(spoken)
        if found is not None:
            positions.append(position)
            prints.append(found)
    voices = two_voices(np.stack(prints)) if prints else None
    if voices is not None:
        for position, voice in zip(positions, voices, strict=True):
            labels[position] = "Voice 1" if voice == voices[0] else "Voice 2"
    return labels


def _samples_of(
    segments: Sequence[Segment], pieces: Sequence[Piece], before_piece: BeforeCall
) -> Iterator[tuple[int, Samples]]:
    """The first seconds of each timed segment's audio, with one chunk in memory at a time."""
    by_piece: dict[int, list[int]] = defaultdict(list)
    for position, segment in enumerate(segments):
        if segment.start is not None and segment.end is not None and pieces:
            by_piece[_piece_at(pieces, segment.start)].append(position)
    for index, positions in by_piece.items():
        before_piece()
        samples = read_flac(pieces[index].path)
        for position in positions:
            start = max(0.0, (segments[position].start or 0.0) - pieces[index].start)
            end = min((segments[position].end or 0.0) - pieces[index].start, start + SAMPLE_SECONDS)
            yield position, samples[int(start * RATE) : max(0, int(end * RATE))]
