"""What the classifier knows of a sentence: its words, pieces of them, and pairs of words that stand near each other."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from sessions_app.pipeline.lexicon.risk.terms import lexicon
from sessions_app.pipeline.text.matching import fold

REACH = 4  # words, from the first of a pair to the second
SHORTEST_PIECE, LONGEST_PIECE = 3, 5  # letters
BEGIN, END = "^", "$"
_SPELLINGS = {**lexicon("es").spellings, **lexicon("en").spellings}


def spoken(text: str) -> list[str]:
    """The folded words of a text, short forms in full."""
    return [full for word in text.split() for full in _in_full(word)]


@lru_cache(maxsize=65_536)
def _in_full(word: str) -> tuple[str, ...]:
    return tuple(full for part in fold(word).split() for full in _SPELLINGS.get(part, part).split())


def pieces(word: str) -> Iterator[str]:
    """Runs of letters, so that a misspelt or inflected word is not a new one."""
    marked = f"<{word}>"
    for length in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
        for start in range(len(marked) - length + 1):
            yield marked[start : start + length]


def pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Neighbours as ("not", "wake"), words further apart as ("not", "_up")."""
    ended = [BEGIN, *words, END]
    for at in range(len(ended) - 1):
        yield ended[at], ended[at + 1]
    for at, word in enumerate(words):
        for following in words[at + 2 : at + REACH + 1]:
            yield word, f"_{following}"


def names(words: Iterable[str]) -> Iterator[str]:
    """The names under which the features of a sentence have their weights: `w kill`, `c <kil`, `p not _up`."""
    listed = list(words)
    for word in listed:
        yield f"w {word}"
        for piece in pieces(word):
            yield f"c {piece}"
    for first, second in pairs(listed):
        yield f"p {first} {second}"
