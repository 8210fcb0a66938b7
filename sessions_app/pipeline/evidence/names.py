"""Names: people, places and medicines that a statement names were named in the session."""

import re
from collections.abc import Iterator, Set

from sessions_app.pipeline.evidence.statements import Statement, without_quotations
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check, refused
from sessions_app.pipeline.lexicon.names import GIVEN_NAMES, WORDS_TOO
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.text.thesaurus import concepts_of

_WORD = re.compile(r"[^\W\d_][\w'’.-]*")  # noqa: RUF001  typographic apostrophe
_POSSESSIVE = re.compile(r"['’]s?$")  # noqa: RUF001  typographic apostrophe
_BEFORE_A_SENTENCE = frozenset('.!?…:;•·\n“"«([/–—-')  # noqa: RUF001  dashes as transcripts have them
_SMALL_WORD = 3  # letters; "of" and "and" are lower case in titles
# Abbreviations and capitalized words that do not name a person, place or condition.
_NOT_A_NAME = frozenset(
    ["i", "im", "ive", "id", "ill", "ok", "okay", "tv", "cbt", "dbt", "act", "emdr", "mr", "mrs", "ms", "dr"]
)


def check_names(statement: Statement) -> Verdict:
    """A person or medicine that nobody named is invented; another capital is for a person to look at."""
    for part in statement.parts:
        own = without_quotations(part.text)
        words = fold(own).split()
        if any(word in statement.tables.drugs and not _was_said(word, statement) for word in words):
            return refused("drug")
        is_titled = part.role == "label" and _is_title(part.text)
        named = list(_names(own, statement.tables.glue, is_titled=is_titled))
        unknown = [name for name in named if not all(_was_said(word, statement) for word in fold(name).split())]
        words_too = WORDS_TOO.get(statement.language, frozenset())
        if any(_is_given_name(name) and fold(name) not in words_too for name in unknown):
            return refused("name")
        if unknown:
            return check("name")
    return SUPPORTED


def _was_said(word: str, statement: Statement) -> bool:
    said = statement.transcript.words
    meant = concepts_of(word, statement.tables).written
    return any(form in said for form in (word, word.removesuffix("s"), f"{word}s")) or any(
        not meant.isdisjoint(concepts_of(other, statement.tables).said) for other in said
    )


def _names(text: str, glue: Set[str], *, is_titled: bool) -> Iterator[str]:
    """Words capitalized inside a sentence, and given names anywhere; "Ella" that opens a Spanish one is "she"."""
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match.group().rstrip(".-"))
        may_be_any = is_titled or _opens_sentence(text[: match.start()].rstrip(" "))
        if fold(word) in (_NOT_A_NAME | glue if may_be_any else _NOT_A_NAME):
            continue
        if (word[:1].isupper() and not may_be_any) or _is_given_name(word):
            yield word


def _opens_sentence(before: str) -> bool:
    return not before or before[-1] in _BEFORE_A_SENTENCE


def _is_given_name(word: str) -> bool:
    return word[:1].isupper() and fold(word) in GIVEN_NAMES


def _is_title(label: str) -> bool:
    """True for "Conflict at Work", False for "conflict with Priscilla"."""
    return all(word[0].isupper() for word in _WORD.findall(label) if len(word) > _SMALL_WORD)
