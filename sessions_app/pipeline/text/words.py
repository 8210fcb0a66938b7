"""Content words for comparing a statement with what was said: stemmed, with synonyms and negation, no numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from sessions_app.pipeline.lexicon.glue import DIFFICULTY, GLUE, NEGATORS, SCOPE_ENDS
from sessions_app.pipeline.lexicon.synonyms import PHRASES, SYNONYMS
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.text.wordnumbers import is_number

SCOPE = 7  # words that a negation reaches
_CURLY = str.maketrans("’‘‛ʼ´`", "''''''")  # noqa: RUF001  typographic apostrophes
_NOT = re.compile(r"\b(?:(ca)n|(wo)n|(sha)n|(\w+)n)'t\b|\bcannot\b", re.IGNORECASE)
_BARE_NOT = re.compile(
    r"\b(?:dont|didnt|doesnt|cant|couldnt|wont|wouldnt|isnt|arent|wasnt|werent|havent|hasnt|hadnt|shouldnt)\b"
)
_CLITIC = re.compile(r"'(?:ll|ve|re|m|d|s)\b", re.IGNORECASE)
_BREAK = re.compile(r"[;!?…()\[\]]|[,:.](?!\d)|\s[-–—]+\s")  # noqa: RUF001  dashes as transcripts have them
_PHRASES = [(re.compile(rf"\b(?:{pattern})\b"), word) for pattern, word in PHRASES.items()]
# "I don't think I slept": the negation is of what follows.
_RAISING = frozenset({"think", "believe", "know", "feel", "guess", "sure", "say", "suppose"})
_NEW_SUBJECT = frozenset({"i"})
_TOKEN = re.compile(r"[^\W_]+|\|")


@dataclass(frozen=True, slots=True)
class Word:
    """One content word: as said, the concepts it may stand for, and whether it is negated."""

    text: str
    concepts: frozenset[str]
    is_negated: bool

    def means(self, other: "Word") -> bool:
        """Whether both may stand for the same."""
        return not self.concepts.isdisjoint(other.concepts)


@lru_cache(maxsize=16_384)
def content_words(text: str) -> tuple[Word, ...]:
    """The content words in order; numbers and words that only hold a sentence together are left out."""
    return tuple(
        Word(token, concepts_of(token), negated)
        for token, negated in _marked(tokens(text))
        if token not in GLUE and not is_number(token)
    )


@lru_cache(maxsize=16_384)
def tokens(text: str) -> tuple[str, ...]:
    """Folded words, with contractions resolved, fixed phrases as one word, and `|` where a clause ends."""
    plain = _CLITIC.sub("", _NOT.sub(" not ", text.translate(_CURLY)))
    folded = _BARE_NOT.sub("not", " | ".join(fold(part) for part in _BREAK.split(plain)))
    for pattern, word in _PHRASES:
        folded = pattern.sub(word, folded)
    return tuple(_TOKEN.findall(folded))


def is_negating(text: str) -> bool:
    """Whether any word of the text negates."""
    return any(token in NEGATORS for token in tokens(text))


@lru_cache(maxsize=16_384)
def concepts_of(token: str) -> frozenset[str]:
    """The groups of synonyms of the word, and its stem."""
    stem = _stemmed(token)
    return _GROUPS.get(token, frozenset()) | _GROUPS.get(stem, frozenset()) | {stem}


def _marked(spoken: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Each word with whether a negation before it in its clause reaches it."""
    left = 0
    for at, token in enumerate(spoken):
        if token in SCOPE_ENDS or (token in _NEW_SUBJECT and at and spoken[at - 1] not in _RAISING):
            left = 0
        elif token in NEGATORS and spoken[at + 1 : at + 2] not in (("only",), ("just",)):
            yield token, False
            left = SCOPE
            continue
        yield token, left > 0 or _is_difficult(spoken, at)
        left = max(left - 1, 0)


def _is_difficult(spoken: tuple[str, ...], at: int) -> bool:
    """ "Trouble sleeping" and "hard to sleep" say of sleep what "not" says."""
    before = [token for token in spoken[max(0, at - 3) : at] if token not in {"to", "with", "in"}]
    return bool(before) and before[-1] in DIFFICULTY and (spoken[at - 1] == "to" or spoken[at].endswith("ing"))


def _stemmed(token: str) -> str:
    stem: str = _STEMMER.stemWord(token)
    return stem


def _grouped() -> dict[str, frozenset[str]]:
    groups: dict[str, frozenset[str]] = {}
    for number, line in enumerate(SYNONYMS.strip().splitlines()):
        for word in line.split():
            for form in {word, _stemmed(word)}:
                groups[form] = groups.get(form, frozenset()) | {f"#{number}"}
    return groups


_STEMMER = snowballstemmer.stemmer("english")
_GROUPS = _grouped()
