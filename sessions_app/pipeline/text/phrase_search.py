"""Search of one language's phrases in a sentence, in time linear in its length."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from sessions_app.pipeline.lexicon.risk.terms import RiskLexicon, Rule
from sessions_app.pipeline.text.frames import cores_pattern, frames_pattern, phrases_pattern
from sessions_app.pipeline.text.needs import Needs

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
        self._in_full = lru_cache(maxsize=65_536)(self._spelled_out)
        self._frames = lru_cache(maxsize=None)(self._compiled)
        self._needs = Needs([(self._pattern(rule), cores_pattern(rule.cores)) for rule in lexicon.rules], self._in_full)
        self._idioms = re.compile(phrases_pattern(lexicon.idioms, lexicon.classes))
        self._questions = re.compile(phrases_pattern(lexicon.questions, lexicon.classes))
        self._starts = {filler.partition(" ")[0] for filler in lexicon.fillers if " " in filler}

    def _pattern(self, rule: Rule) -> str:
        return frames_pattern(rule.cores, rule.frames, self._lexicon.classes)

    def _compiled(self, rule: Rule) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """Cores and frames; of hundreds of rules, a transcript needs some."""
        return re.compile(cores_pattern(rule.cores)), re.compile(self._pattern(rule))

    def search(self, words: Sequence[str]) -> Iterator[Found]:
        """All phrases in the folded words of a sentence; harmless idioms are left out."""
        candidates = [self._lexicon.rules[at] for at in self._needs.met(words)]
        if not candidates:
            return
        pieces, positions = self._spoken(words)
        text = " ".join([*pieces, ""])
        found = [rule for rule in candidates if self._is_in(rule, text, words)]
        if not found:
            return
        starts = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))
        text = self._idioms.sub(_masked, text)
        for rule in found:
            for match in self._frames(rule)[1].finditer(text):
                first = positions[bisect_right(starts, match.start()) - 1]
                last = positions[bisect_right(starts, match.start() + len(match.group().rstrip()) - 1) - 1]
                yield Found(rule, first, last)

    def _is_in(self, rule: Rule, text: str, words: Sequence[str]) -> bool:
        """Whether a frame of the rule stands in the text, and one of its cores among the words."""
        core, frames = self._frames(rule)
        return frames.search(text) is not None and any(
            core.fullmatch(piece) for word in words for piece in self._in_full(word)
        )

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
            is_pair = word in self._starts and f"{word} {words[at + 1] if at + 1 < len(words) else ''}" in fillers
            if skip or word in fillers or is_pair:
                skip = not skip and is_pair
                continue
            full = self._in_full(word)
            pieces += full
            positions += [at] * len(full)
        return pieces, positions

    def _spelled_out(self, word: str) -> tuple[str, ...]:
        spellings = self._lexicon.spellings
        return tuple(" ".join(spellings.get(piece, piece) for piece in word.split()).split())


def _masked(match: re.Match[str]) -> str:
    return _MASK * len(match.group())
