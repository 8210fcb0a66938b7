"""Where to cut a recording, decided on 20 ms levels without touching audio. All positions are frames."""

import numpy as np
from numpy.typing import NDArray

from sessions_app.pipeline.audio.levels import FRAMES_PER_SECOND, Floats

Spans = NDArray[np.int64]  # shape (n, 2): start and end of each
BRIDGED = 10  # 0.2 s: shorter gaps are closures inside words, not pauses
CLICK = 4  # 0.08 s: shorter sounds are not speech
PAD = 7  # 0.14 s kept around an utterance
MERGED = int(0.7 * FRAMES_PER_SECOND)  # utterances closer than this share a chunk
LOOKAHEAD = FRAMES_PER_SECOND  # an utterance that ends this close to the edge may continue
HARD_CUT = 10 * FRAMES_PER_SECOND  # without any pause, cut at the quietest moment of the last 10 s


def speech_spans(levels: Floats, threshold: float) -> Spans:
    """Spans of speech, with short gaps bridged and clicks dropped."""
    spans = _runs(levels > threshold)
    if not len(spans):
        return spans
    apart = spans[1:, 0] - spans[:-1, 1] >= BRIDGED
    starts = spans[np.concatenate(([True], apart)), 0]
    ends = spans[np.concatenate((apart, [True])), 1]
    joined = np.stack((starts, ends), axis=1)
    return np.compress(joined[:, 1] - joined[:, 0] >= CLICK, joined, axis=0)


def _runs(mask: NDArray[np.bool_]) -> Spans:
    steps = np.diff(mask.astype(np.int8), prepend=0, append=0)
    return np.stack((np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)), axis=1)


def widest_silence(levels: Floats, threshold: float, limit: int) -> int:
    """The middle of the widest silence in the second half before `limit`; else the quietest moment near it."""
    half = limit // 2
    spoken = np.zeros(limit, np.bool_)
    for start, end in speech_spans(levels[:limit], threshold):
        spoken[start:end] = True
    silences = _runs(~spoken[half:])
    if not len(silences):
        late = max(half, limit - HARD_CUT)
        return _quietest(levels, late, limit)
    widths = silences[:, 1] - silences[:, 0]
    best = len(widths) - 1 - int(widths[::-1].argmax())  # the last of equal ones
    return half + int(silences[best].sum()) // 2


def _quietest(levels: Floats, start: int, end: int) -> int:
    return start + int(levels[start:end].argmin())


def utterance_groups(
    levels: Floats, threshold: float, longest: int, *, is_last: bool
) -> tuple[list[tuple[int, int]], int]:
    """Complete groups of neighbouring utterances, each at most `longest`, and the number of frames processed.

    Unless `is_last`, a group that may still grow is left for the next call.
    """
    groups = _grouped(_shortened(speech_spans(levels, threshold), levels, longest - 2 * PAD), longest - 2 * PAD)
    size = len(levels)
    finished = [group for group in groups if is_last or group[1] <= size - LOOKAHEAD]
    rest = groups[len(finished) :]
    done = size if is_last else max(0, (rest[0][0] if rest else size) - PAD)
    padded = _padded(groups, size)[: len(finished)]
    return padded, max(done, padded[-1][1]) if padded else done


def _shortened(spans: Spans, levels: Floats, longest: int) -> list[tuple[int, int]]:
    """Cut speech without pauses at its quietest moment in the second half of the limit."""
    result = []
    for start, end in spans.tolist():
        at = start
        while end - at > longest:
            cut = max(_quietest(levels, at + longest // 2, at + longest), at + 1)
            result.append((at, cut))
            at = cut
        result.append((at, end))
    return result


def _grouped(spans: list[tuple[int, int]], longest: int) -> list[tuple[int, int]]:
    groups: list[tuple[int, int]] = []
    for start, end in spans:
        if groups and start - groups[-1][1] < MERGED and end - groups[-1][0] <= longest:
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    return groups


def _padded(groups: list[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Add a margin to each group, at most half of the gap to its neighbour."""
    edges = [0, *(edge for group in groups for edge in group), size]
    gaps = [min(PAD, (edges[i + 1] - edges[i]) // 2) for i in range(0, len(edges), 2)]
    gaps[0], gaps[-1] = min(PAD, edges[1] - edges[0]), min(PAD, edges[-1] - edges[-2])
    return [(start - gaps[i], end + gaps[i + 1]) for i, (start, end) in enumerate(groups)]
