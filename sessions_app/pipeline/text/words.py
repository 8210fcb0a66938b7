"""Content words for comparing a statement with what was said: stemmed, with synonyms and negation, no numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sessions_app.pipeline.lexicon.languages import ENGLISH, Language
from sessions_app.pipeline.text.figures import with_figures
from sessions_app.pipeline.text.matching import NOT_ABBREVIATED, fold
from sessions_app.pipeline.text.thesaurus import Phrase, concepts_of, phrases_at, with_fixed_phrases
from sessions_app.pipeline.text.wordnumbers import is_number

SCOPE = 7  # words that a negation reaches
_CURLY = str.maketrans("’‘‛ʼ´`", "''''''")  # noqa: RUF001  typographic apostrophes
_NOT = re.compile(
    r"\b(?:(ca)n|(wo)n|(sha)n|(\w+)n)'t\b|\bcannot\b"
    r"|\b(?:can|din|did|does|is|was|were|has|have|had|would|could|should|win)nae\b",
    re.IGNORECASE,
)
_BARE_NOT = re.compile(
    r"\b(?:dont|didnt|doesnt|cant|couldnt|wont|wouldnt|isnt|arent|wasnt|werent|havent|hasnt|hadnt|shouldnt)\b"
)
_CLITIC = re.compile(r"'(?:ll|ve|re|m|d|s)\b", re.IGNORECASE)
_BREAK = re.compile(rf"[;!?…()\[\]]|[,:](?!\d)|\.(?!\d){NOT_ABBREVIATED}|\s[-–—]+\s")  # noqa: RUF001  dashes as transcripts have them
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
def content_words(text: str, language: Language = ENGLISH) -> tuple[Word, ...]:
    """The content words in order, some phrases as one; numbers and what only holds a sentence together are left out."""
    spoken = tokens(text, language)
    found: list[Word] = []
    skipped_to = 0
    for at, (token, is_negated) in enumerate(_marked(spoken, language)):
        if at < skipped_to:
            continue
        phrase = _written_phrase(spoken, at, language)
        if phrase:
            skipped_to = at + phrase.length
            found.append(Word(" ".join(spoken[at:skipped_to]), phrase.concepts.written, is_negated))
        elif _is_content(token, language):
            found.append(Word(token, concepts_of(token, language).written, is_negated))
    return tuple(found)


@lru_cache(maxsize=16_384)
def spoken_words(text: str, language: Language = ENGLISH) -> tuple[Word, ...]:
    """All that a sentence says, to compare others with it: the words but for numbers, and the phrases beside them."""
    spoken = tokens(text, language)
    denied_later = _denied_later(spoken, language)
    found: list[Word] = []
    for at, (token, is_negated) in enumerate(_marked(spoken, language)):
        if not is_number(token):
            found += [
                Word(token, concepts_of(token, language).said, negated)
                for negated in {is_negated, is_negated or at in denied_later}
            ]
        for phrase in phrases_at(spoken, at, language):
            found.append(Word(" ".join(spoken[at : at + phrase.length]), phrase.concepts.said, is_negated))
    return tuple(found)


def _denied_later(spoken: tuple[str, ...], language: Language) -> set[int]:
    """The places of the words that a no at the end of their clause takes back: "Monday none", "but I couldn't"."""
    found: set[int] = set()
    start = before = 0
    for at in [at for at, word in enumerate([*spoken, "|"]) if word == "|"]:
        if at > start and spoken[at - 1] in language.late_no:
            found.update(range(start if at - 1 > start else before, at - 1))
        before, start = start, at + 1
    return found


def _written_phrase(spoken: tuple[str, ...], at: int, language: Language) -> Phrase | None:
    """The longest phrase there that tells something and may be written for others."""
    fitting = [
        phrase
        for phrase in phrases_at(spoken, at, language)
        if phrase.concepts.written and any(_is_content(token, language) for token in spoken[at : at + phrase.length])
    ]
    return max(fitting, key=lambda phrase: phrase.length, default=None)


def _is_content(token: str, language: Language) -> bool:
    return token not in language.glue and not is_number(token)


@lru_cache(maxsize=16_384)
def tokens(text: str, language: Language = ENGLISH) -> tuple[str, ...]:
    """Folded words, with contractions resolved, fixed phrases as one word, and `|` where a clause ends."""
    plain = _CLITIC.sub("", _NOT.sub(" not ", with_figures(_unaccented(text, language), language).translate(_CURLY)))
    folded = _BARE_NOT.sub("not", " | ".join(fold(part) for part in _BREAK.split(plain)))
    return tuple(_TOKEN.findall(with_fixed_phrases(folded, language)))


def _unaccented(text: str, language: Language) -> str:
    for word, plain in language.accented.items():
        text = re.sub(rf"\b{word}\b", plain, text, flags=re.IGNORECASE)
    return text


def parts_of(phrase: Word, language: Language = ENGLISH) -> list[Word]:
    """The content words of a phrase, each for itself; a no within the phrase stays one."""
    return [
        Word(token, concepts_of(token, language).written, phrase.is_negated or is_negated)
        for token, is_negated in _marked(tuple(phrase.text.split()), language)
        if _is_content(token, language)
    ]


def is_negating(text: str, language: Language = ENGLISH) -> bool:
    """Whether any word of the text negates."""
    return not language.negators.isdisjoint(tokens(text, language))


def _marked(spoken: tuple[str, ...], language: Language) -> Iterator[tuple[str, bool]]:
    """Each word with whether a negation before it in its clause reaches it."""
    left = 0
    for at, token in enumerate(spoken):
        is_new = token in language.new_subject and at > 0 and spoken[at - 1] not in language.raising
        is_new = is_new or _joins_a_clause(spoken, at, language)
        if is_new or token in language.scope_ends:
            left = 0
        elif token in language.negators and not _is_no_negation(spoken, at, language):
            yield token, False
            left = SCOPE
            continue
        yield token, left > 0 or _is_difficult(spoken, at, language)
        left = max(left - 1, 0)


def _joins_a_clause(spoken: tuple[str, ...], at: int, language: Language) -> bool:
    """ "No pills and one glass of wine": what is joined with a subject, an article or a number stands for itself."""
    after = spoken[at + 1] if at + 1 < len(spoken) else ""
    return spoken[at] in language.joins and (after in language.opens_clause or is_number(after))


def _is_no_negation(spoken: tuple[str, ...], at: int, language: Language) -> bool:
    """ "Not only" and "almost every" do not negate, and "the next stop" is a place."""
    if spoken[at] in language.nearly:
        after = spoken[at + 1] if at + 1 < len(spoken) else ""
        return after in language.all_of_it or is_number(after)
    if spoken[at] in language.stops:
        return (
            spoken[max(at - 1, 0)] in language.before_a_stop
            or language.at_a_stop.search(" ".join(spoken[max(at - 3, 0) : at])) is not None
        )
    return not language.only.isdisjoint(spoken[at + 1 : at + 2])


def _is_difficult(spoken: tuple[str, ...], at: int, language: Language) -> bool:
    """ "Trouble sleeping" and "hard to sleep" say of sleep what "not" says."""
    before = [token for token in spoken[max(0, at - 3) : at] if token not in language.difficulty_links]
    is_hindered = language.hindered.fullmatch(" ".join(spoken[max(0, at - 1) : at + 1])) is not None
    return bool(before) and before[-1] in language.difficulty and is_hindered
