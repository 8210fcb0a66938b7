"""Concepts: the groups of synonyms that a word or a phrase belongs to, whatever its form."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import snowballstemmer

from sessions_app.pipeline.lexicon.languages import ENGLISH, Language
from sessions_app.pipeline.lexicon.synonyms import groups, irregular_forms
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.text.needs import Needs

_MOST_INSERTS = 2


class Concepts(NamedTuple):
    """What a word or phrase may stand for where it is written in a note, and where it was said."""

    written: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()

    def __or__(self, other: "Concepts") -> "Concepts":
        return Concepts(self.written | other.written, self.said | other.said)


_NONE = Concepts()


class Phrase(NamedTuple):
    """A phrase of the thesaurus within a text: how many tokens it takes, and its concepts."""

    length: int
    concepts: Concepts


@lru_cache(maxsize=16_384)
def concepts_of(token: str, language: Language = ENGLISH) -> Concepts:
    """The groups of synonyms of the word, whatever its form, and its stem."""
    stem = _stemmed(token, language)
    words = _words(language)
    stems = frozenset({stem, base_of(token, language)})
    own = Concepts(stems, stems)
    return words.get(token, _NONE) | words.get(stem, _NONE) | words.get(base_of(token, language), _NONE) | own


def phrases_at(tokens: Sequence[str], at: int, language: Language = ENGLISH) -> list[Phrase]:
    """The phrases of the thesaurus that begin at the token; articles and pronouns may stand inside."""
    known = _phrases(language)
    first = base_of(tokens[at], language)
    ends = [
        (_end(tokens, at + 1, rest, language), concepts)
        for second in _next_bases(tokens, at + 1, language)
        for rest, concepts in known.get((first, second), ())
    ]
    return [Phrase(end - at, concepts) for end, concepts in ends if end]


def _next_bases(tokens: Sequence[str], at: int, language: Language) -> set[str]:
    """The bases of the words that may be the second of a phrase."""
    found = set()
    for token in tokens[at : at + _MOST_INSERTS + 1]:
        found.add(base_of(token, language))
        if token not in language.inserts:
            break
    return found


def _end(tokens: Sequence[str], at: int, rest: Sequence[str], language: Language) -> int:
    """The place after the rest of a phrase; 0 if it does not stand there."""
    inserts = 0
    for base in rest:
        while inserts < _MOST_INSERTS and _is_insert(tokens, at, base, language):
            at, inserts = at + 1, inserts + 1
        if at >= len(tokens) or base_of(tokens[at], language) != base:
            return 0
        at += 1
    return at


def _is_insert(tokens: Sequence[str], at: int, base: str, language: Language) -> bool:
    return at < len(tokens) and base_of(tokens[at], language) != base and tokens[at] in language.inserts


@lru_cache(maxsize=16_384)
def base_of(token: str, language: Language = ENGLISH) -> str:
    """The stem that all forms of the word share."""
    return "self" if token.endswith(("self", "selves")) else _bases(language).get(token) or _stemmed(token, language)


@lru_cache(maxsize=8)
def _bases(language: Language) -> dict[str, str]:
    irregular = irregular_forms(language.thesaurus)
    return {form: _stemmed(forms[0], language) for forms in irregular for form in forms}


@lru_cache(maxsize=8)
def _stemmer(language: Language) -> Any:
    return snowballstemmer.stemmer(language.stemmer)


@lru_cache(maxsize=16_384)
def _stemmed(token: str, language: Language) -> str:
    stem: str = token if token in language.unstemmed else _stemmer(language).stemWord(token)
    return stem


@lru_cache(maxsize=8)
def _words(language: Language) -> dict[str, Concepts]:
    found: dict[str, Concepts] = defaultdict(Concepts)
    for entry, concepts in _entries(language):
        if " " not in entry:
            for form in {entry, _stemmed(entry, language)}:
                found[form] |= concepts
    return dict(found)


@lru_cache(maxsize=8)
def _phrases(language: Language) -> dict[tuple[str, str], list[tuple[tuple[str, ...], Concepts]]]:
    """By the bases of their first two words, those after the first and the concepts."""
    found: dict[tuple[str, ...], Concepts] = defaultdict(Concepts)
    for entry, concepts in _entries(language):
        if " " in entry:
            first, *inner, last = entry.split()
            kept = [first, *(word for word in inner if word not in language.inserts), last]
            found[tuple(base_of(word, language) for word in kept)] |= concepts
    index = defaultdict(list)
    for (first, *rest), concepts in found.items():
        index[first, rest[0]].append((tuple(rest), concepts))
    return dict(index)


def _entries(language: Language) -> Iterator[tuple[str, Concepts]]:
    """Every entry of every group with the concept of the group."""
    for number, group in enumerate(groups(language.thesaurus)):
        concept = frozenset({f"#{number}"})
        for entry in dict.fromkeys(group.said):
            yield _folded(entry, language), Concepts(concept if entry in group.written else frozenset(), concept)


def _folded(entry: str, language: Language) -> str:
    """The entry as it stands in a text that is compared: without accents, and with fixed phrases as one word."""
    return " ".join(with_fixed_phrases(fold(entry), language).split())


def with_fixed_phrases(folded: str, language: Language) -> str:
    """The folded text with "a lot of" and the like as one word."""
    phrases, needs = _fixed_phrases(language)
    if needs.met(folded.split()):
        for pattern, word in phrases:
            folded = pattern.sub(word, folded)
    return folded


@lru_cache(maxsize=8)
def _fixed_phrases(language: Language) -> tuple[list[tuple[re.Pattern[str], str]], Needs]:
    phrases = [(re.compile(rf"\b(?:{pattern})\b"), word) for pattern, word in language.phrases.items()]
    return phrases, Needs((pattern.pattern, "") for pattern, _ in phrases)
