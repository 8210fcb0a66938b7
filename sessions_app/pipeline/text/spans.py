"""Sentences in a run of words, as positions."""

import re
from collections.abc import Iterator, Sequence

_STOP = re.compile(r"(?:(?<!\.)\.|[!?])[\"'”’)\]]*$")  # noqa: RUF001  typographic quotes; "I want to... die" is one

_LAST = frozenset(".!?\"'”’)]")  # noqa: RUF001  most words end in none of these and need no pattern


def sentence_spans(words: Sequence[str], *, longest: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence; those of more than `longest` words in overlapping parts."""
    stops = [at for at, word in enumerate(words) if word[-1:] in _LAST and _STOP.search(word)]
    last = len(words) - 1
    start = 0
    for stop in stops if stops[-1:] == [last] or not words else [*stops, last]:
        while stop - start >= longest:
            yield start, start + longest
            start += longest - overlap
        yield start, stop + 1
        start = stop + 1


def packed_spans(words: Sequence[str], *, longest: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Sentences that follow each other, as many together as make at most `longest` words."""
    start = end = 0
    for first, last in sentence_spans(words, longest=longest, overlap=overlap):
        if last - start > longest and end > start:
            yield start, end
            start = first
        end = last
    if end > start:
        yield start, end
