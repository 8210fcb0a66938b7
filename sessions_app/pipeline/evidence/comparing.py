"""Comparing the words of a clause with the sentences of the transcript that may be its sources."""

from collections.abc import Iterable, Sequence

from sessions_app.pipeline.evidence.said import Sentence
from sessions_app.pipeline.lexicon.languages import Language
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.text.words import Word, is_negating, parts_of

MOST_SOURCES = 3  # sentences of the transcript that one clause may be taken from


def comparable(words: Sequence[Word], heard: Sequence[Sentence], language: Language) -> tuple[Word, ...]:
    """The words; of phrases that nobody said as such, each word for itself."""
    known = [[word] if any(has(word, one) for one in heard) else parts_of(word, language) for word in words]
    return tuple(word for parts in known for word in parts)


def sources_of(words: Sequence[Word], heard: Sequence[Sentence]) -> list[Sentence]:
    """The few sentences that cover the words: the best first, then whatever covers most of the rest."""
    left = list(words)
    chosen: list[Sentence] = []
    while left and len(chosen) < MOST_SOURCES:
        best = max(heard, key=lambda one: (_agreeing(left, one), one.is_cited), default=None)
        if best is None or not _agreeing(left, best)[0]:
            break
        chosen.append(best)
        left = [word for word in left if not has(word, best)]
    return chosen


def has(word: Word, one: Sentence) -> bool:
    """Whether the sentence says the word, in whatever form or synonym."""
    return any(word.means(other) for other in one.words)


def is_meant(word: Word, one: Sentence) -> bool:
    """Whether the sentence says the word, and denies it if the clause does."""
    return any(word.means(other) and word.is_negated == other.is_negated for other in one.words)


def negates(one: Sentence, language: Language) -> bool:
    """Whether anything in the sentence is denied."""
    return is_negating(one.text, language) or any(word.is_negated for word in one.words)


def not_implied(missing: Sequence[Word], sources: Sequence[Sentence], language: Language) -> list[Word]:
    """Without what the sources say in another way: "feared" for "I thought I would", "avoids" for "I don't"."""
    is_thought = any(language.thought.search(fold(one.text)) for one in sources)
    is_denied = any(negates(one, language) for one in sources)
    implied = (language.fearing if is_thought else frozenset()) | (language.negators if is_denied else frozenset())
    return [word for word in missing if word.text not in implied]


def _agreeing(words: Iterable[Word], one: Sentence) -> tuple[int, int]:
    """How many of the words the sentence has, and how many of them as they were meant."""
    found = [word for word in words if has(word, one)]
    return len(found), sum(is_meant(word, one) for word in found)
