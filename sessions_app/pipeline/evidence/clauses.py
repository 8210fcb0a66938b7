"""Clauses: the parts of a sentence that have one speaker, and who that is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sessions_app.pipeline.evidence.statements import PATIENT_SIDE, Part, Statement, without_quotations
from sessions_app.pipeline.lexicon.languages import Language
from sessions_app.pipeline.lexicon.techniques import TECHNIQUES
from sessions_app.pipeline.lexicon.topics import EMOTIONS, TOPICS
from sessions_app.pipeline.text.matching import contains, fold, sentences
from sessions_app.pipeline.text.mentions import compiled
from sessions_app.pipeline.text.words import Word, content_words, is_negating

ABOUT_WORDS = 8  # content words of a sentence that only names subjects
_OPENS_WITH_NAME = re.compile(r"^(?:then |later )?([^\W\d_]+)(?:'s)?\b")
_NAME = re.compile(r"\b[^\W\d_]{2,}")
_NAMED = [compiled(names) for names in (TOPICS, EMOTIONS, {entry.name: entry.pattern for entry in TECHNIQUES})]
# The longest first: "sleep hygiene" before "sleep".
_LABELS = sorted([pair for named in _NAMED for pair in named.items()], key=lambda pair: -len(pair[0]))


@dataclass(frozen=True, slots=True)
class Clause:
    """Part of a sentence with one speaker; `is_about` if it only names subjects."""

    text: str
    words: tuple[Word, ...]
    speakers: frozenset[str] | None
    is_about: bool


def clauses_of(part: Part, statement: Statement) -> Iterator[Clause]:
    """The clauses of the text; those that are whole sentences of the transcript are left out."""
    if part.role == "quote":
        return
    speakers = PATIENT_SIDE if part.of_patient else None
    for sentence in sentences(without_quotations(part.text)):
        if _is_verbatim(sentence, speakers, statement):
            continue
        asked = statement.tables.asked.match(sentence)
        if asked:
            yield Clause(asked[1], content_words(asked[1], statement.tables), frozenset({"therapist"}), is_about=True)
        for whole in statement.tables.clause_break.split(sentence[asked.end() :] if asked else sentence):
            named_speaker, text = _without_speaker(whole, statement)
            speakers = named_speaker or _speakers(text, speakers, statement.tables) or speakers
            is_about = part.role == "label" or _is_about(text, statement.tables)
            named = _without_labels(text, statement, speakers) if is_about else text
            own = {fold(name) for name in _NAME.findall(text) if statement.transcript.voice_of(name)}
            words = tuple(
                word
                for word in content_words(named, statement.tables)
                if word.text not in own and word.text not in statement.transcript.voices
            )
            yield Clause(text, words, speakers, is_about)


def _without_speaker(text: str, statement: Statement) -> tuple[frozenset[str] | None, str]:
    """The role of the voice whose name opens the clause, and the rest of it."""
    opening = _OPENS_WITH_NAME.match(text)
    role = statement.transcript.voice_of(opening[1]) if opening else None
    return (frozenset({role}), text[opening.end(1) :]) if opening and role else (None, text)


def _is_verbatim(text: str, speakers: frozenset[str] | None, statement: Statement) -> bool:
    """Whether the text is a whole sentence of the transcript."""
    said = [one for one in statement.said if speakers is None or one.speaker in speakers]
    asks = text.rstrip().endswith("?")  # "¿Sigue tomando?" is no "sigue tomando"
    alike = [one for one in said if one.is_cited and one.text.rstrip().endswith("?") == asks]
    return any(fold(one.text) == fold(text) for one in alike)


def _speakers(text: str, before: frozenset[str] | None, language: Language) -> frozenset[str] | None:
    """Whose words or acts the clause gives; after somebody else's, a pronoun may be either's."""
    if language.of_therapist.search(text):
        return frozenset({"therapist"})
    if before is not None and "other" in before and language.pronoun.search(text):
        return before | {"patient"}
    return frozenset({"patient"}) if language.of_patient.search(text) else None


def _is_about(text: str, language: Language) -> bool:
    opening = language.about.match(text)
    if not opening or is_negating(text, language):
        return False
    rest = text.removeprefix(opening.group())
    return not language.claiming.search(rest) and len(content_words(rest, language)) <= ABOUT_WORDS


def _without_labels(text: str, statement: Statement, speakers: frozenset[str] | None) -> str:
    """The text without the subjects and feelings of our lists that the lines mention."""
    lines = [fold(one.text) for one in statement.said if speakers is None or one.speaker in speakers]
    folded = fold(text)
    for label, pattern in _LABELS:
        if contains(folded, fold(label)) and any(pattern.search(line) for line in lines):
            folded = f" {folded} ".replace(f" {fold(label)} ", " ").strip()
    return folded
