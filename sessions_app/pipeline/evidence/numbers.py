"""Numbers: every number of a statement was said near the lines it cites, of the same thing."""

import re
from dataclasses import dataclass

from sessions_app.pipeline.evidence.statements import Statement
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check
from sessions_app.pipeline.lexicon.languages import Language
from sessions_app.pipeline.lexicon.measures import Measure
from sessions_app.pipeline.text.figures import with_figures
from sessions_app.pipeline.text.matching import contains, fold, sentences
from sessions_app.pipeline.text.wordnumbers import has_unspoken_number, is_number, numbers_with_units, spoken_numbers
from sessions_app.pipeline.text.words import Word, content_words, tokens

# The end of a scale, which is often named once for a whole session.
_SCALE = re.compile(r"(?:\bout of |\bsobre |(?<=\d) ?/ ?)(10{1,2}|ten|a hundred|diez|cien)\b", re.IGNORECASE)
_Beside = tuple[set[str], tuple[Word, ...]]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A number as its readings, the word that follows it, and the sentence that it stands in."""

    values: set[str]
    unit: str | None
    beside: frozenset[str]


def check_numbers(statement: Statement) -> Verdict:
    """Values are compared however they are written; the word after a number tells what it counts."""
    language = statement.tables
    spoken = _spoken(statement.near_text, language)
    texts = [_without_scale(part.text, statement) for part in statement.parts]
    if any(has_unspoken_number(with_figures(text, language), spoken) for text in texts):
        return check("number")
    said = _counted(statement.near_text, language)
    for text in texts:
        if not all(_is_same(number, said, language) for number in _counted(text, language)):
            return check("unit")
    return check("number") if statement.for_patient and _are_exchanged(statement) else SUPPORTED


def _are_exchanged(statement: Statement) -> bool:
    """Whether the text says a number of what another of its numbers was said of: "at six you crash".

    It also stops about one true text in two hundred, so only what a patient would read is held to it.
    """
    said = _beside(statement.near_text, statement.tables)
    return any(_takes_anothers_place(_beside(part.text, statement.tables), said) for part in statement.parts)


def _takes_anothers_place(written: list[_Beside], said: list[_Beside]) -> bool:
    for at, (numbers, words) in enumerate(written):
        of_the_same = set().union(*(heard for heard, around in said if _share_a_word(words, around)))
        others = set().union(*(other for where, (other, _) in enumerate(written) if where != at))
        if of_the_same & others and not of_the_same & numbers:
            return True
    return False


def _share_a_word(words: tuple[Word, ...], others: tuple[Word, ...]) -> bool:
    return any(word.means(other) for word in words for other in others)


def _beside(text: str, language: Language) -> list[_Beside]:
    """The numbers of each stretch of words, with the content words that they stand among."""
    stretches = [part for sentence in sentences(text) for part in language.joint.split(sentence)]
    found = [(_spoken(part, language) - {"1"}, content_words(part, language)) for part in stretches]
    return [(numbers, words) for numbers, words in found if numbers and words]


def _without_scale(text: str, statement: Statement) -> str:
    """The text without the "out of ten" of a scale that was named anywhere in the session."""
    if _SCALE.search(text) is None:  # the whole session is long
        return text
    spoken = _spoken(statement.transcript.text, statement.tables)
    return _SCALE.sub(lambda match: " " if _spoken(match[1], statement.tables) & spoken else match[0], text)


def _spoken(text: str, language: Language) -> set[str]:
    figured = with_figures(text, language)
    hours = {str(int(hour) + 12) for hour in language.afternoon.findall(fold(figured))}
    lone = set() if language.ones.isdisjoint(fold(text).split()) else {"1"}
    amounts = {figure for said, figures in language.amounts.items() if contains(fold(text), said) for figure in figures}
    return spoken_numbers(figured) | hours | lone | amounts


def _counted(text: str, language: Language) -> list[_Counted]:
    found: list[_Counted] = []
    for sentence in sentences(text):
        words = tokens(sentence, language)
        pairs = numbers_with_units(words, lambda word: word not in language.glue and not is_number(word))
        found += [_Counted(values, unit, frozenset(words)) for values, unit in pairs]
    return found


def _is_same(number: _Counted, said: list[_Counted], language: Language) -> bool:
    """Whether the number was said of that measure; things that are counted are compared as words."""
    others = [other for other in said if number.values & other.values]
    unit = language.measures.get(number.unit or "")
    return unit is None or not others or any(_is_of(unit, other, language) for other in others)


def _is_of(unit: Measure, other: _Counted, language: Language) -> bool:
    measure = language.measures.get(other.unit or "")
    if measure is None or measure == unit:
        return True
    # "Six hundred pounds short every month": of both.
    return unit.kind != measure.kind and unit in map(language.measures.get, other.beside)
