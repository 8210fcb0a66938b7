"""Search of one language's phrases in a sentence, in time linear in its length."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from sessions_app.pipeline.lexicon.risk.terms import RiskLexicon, Rule
from sessions_app.pipeline.text.frames import cores_pattern, frames_pattern, phrases_pattern

_MASK = "#"  # no word, so that no frame reaches across a harmless phrase


class Found(NamedTuple):
    """A rule's phrase in a sentence: the positions of its first and last word."""

    rule: Rule
    first: int
    last: int


class PhraseSearch:
    """A compiled list."""

    def __init__(self, lexicon: RiskLexicon) -> None:
        self._lexicon = lexicon
        classes = lexicon.classes
        self._cores = [cores_pattern(rule.cores) for rule in lexicon.rules]
        self._any_core = cores_pattern("|".join(rule.cores for rule in lexicon.rules))
        self._frames = [frames_pattern(rule.cores, rule.frames, classes) for rule in lexicon.rules]
        self._idioms = phrases_pattern(lexicon.idioms, classes)
        self._questions = re.compile(rf"(?:{phrases_pattern(lexicon.questions, classes).pattern})")
        self.rules_with = lru_cache(maxsize=65_536)(self._rules_with)

    def _rules_with(self, word: str) -> frozenset[int]:
        """The rules of which the folded word is a core."""
        pieces = [piece for piece in self._in_full(word) if self._any_core.fullmatch(piece)]
        if not pieces:
            return frozenset()
        return frozenset(at for at, core in enumerate(self._cores) if any(map(core.fullmatch, pieces)))

    def search(self, words: Sequence[str]) -> Iterator[Found]:
        """All phrases in the folded words of a sentence; harmless idioms are left out."""
        candidates = frozenset[int]().union(*map(self.rules_with, words))
        if not candidates:
            return
        pieces, positions = self._spoken(words)
        text = "".join(f"{piece} " for piece in pieces)
        found = [at for at in sorted(candidates) if self._frames[at].search(text)]
        if not found:
            return
        starts = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))
        text = self._idioms.sub(_masked, text)
        for at in found:
            for match in self._frames[at].finditer(text):
                first = positions[bisect_right(starts, match.start()) - 1]
                last = positions[bisect_right(starts, match.start() + len(match.group().rstrip()) - 1) - 1]
                yield Found(self._lexicon.rules[at], first, last)

    def is_question(self, words: Sequence[str]) -> bool:
        """Whether the sentence begins like a question."""
        return self._questions.match(" ".join(self._spoken(words)[0])) is not None

    def _spoken(self, words: Sequence[str]) -> tuple[list[str], list[int]]:
        """The words in full and without fillers, each with its position."""
        pieces: list[str] = []
        positions: list[int] = []
        fillers = self._lexicon.fillers
        skip = False
        for at, word in enumerate(words):
            following = words[at + 1] if at + 1 < len(words) else ""
            if skip or word in fillers or f"{word} {following}" in fillers:
                skip = not skip and f"{word} {following}" in fillers
                continue
            full = self._in_full(word)
            pieces += full
            positions += [at] * len(full)
        return pieces, positions

    def _in_full(self, word: str) -> list[str]:
        spellings = self._lexicon.spellings
        return " ".join(spellings.get(piece, piece) for piece in word.split()).split()


def _masked(match: re.Match[str]) -> str:
    return _MASK * len(match.group())
