"""Content: who a sentence speaks of, and whether that person said its words, as they were meant.

A sentence is covered by few sentences of the transcript: words collected from many places prove nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.evidence.said import Sentence
from sessions_app.pipeline.evidence.statements import PATIENT_SIDE, QUOTED, Part, Statement, without_quotations
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check, lowest
from sessions_app.pipeline.lexicon.glue import INTENDED, UNREAL
from sessions_app.pipeline.lexicon.techniques import TECHNIQUES
from sessions_app.pipeline.lexicon.topics import EMOTIONS, TOPICS
from sessions_app.pipeline.text.matching import contains, fold, sentences
from sessions_app.pipeline.text.mentions import compiled
from sessions_app.pipeline.text.wordnumbers import is_number
from sessions_app.pipeline.text.words import Word, content_words, is_negating, tokens

MOST_SOURCES = 3  # sentences of the transcript that one clause may be taken from
ABOUT_WORDS = 8  # content words of a sentence that only names subjects
_PEOPLE = r"(?:the |this )?(?:patient|client|therapist|counsell?or|clinician)"
_CLAUSE = re.compile(rf"(?:,|;)?\s+(?:and|while|but|whereas)\s+(?={_PEOPLE}\b)|;\s+|,?\s+but\s+", re.IGNORECASE)
_OF_THERAPIST = re.compile(
    r"^(?:in response,? |then )?(?:the |this |your )?(?:therapist|counsell?or|clinician|psychologist)\b(?!'s)"
    r"|\b(?:by|from) the (?:therapist|counsell?or)\b",
    re.IGNORECASE,
)
_OF_PATIENT = re.compile(
    r"^(?:the |this )?(?:patient|client)\b|^(?:you|your|she|he|they|her|his|their)\b|\bby the (?:patient|client)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^about [^:]+, (?:you|this was|the (?:patient|therapist)) said"
    r"|^(?:the (?:session|patient|client|therapist|conversation)|they|you|we|both|themes?|topics?|techniques?|these)\b"
    r"(?: \w+)? ?(?:touched (?:up)?on|spoke (?:about|of)|talked about|discussed|explored|focused on|addressed|covered"
    r"|mentioned|named these feelings|feelings were named|techniques came up|that were mentioned|included?|came up)\b",
    re.IGNORECASE,
)
_CLAIMING = re.compile(r"\b(?:that|how|is|are|was|were|has|have|had|not|never|no)\b", re.IGNORECASE)
_TOPICS, _EMOTIONS = compiled(TOPICS), compiled(EMOTIONS)
_TECHNIQUES = compiled({entry.name: entry.pattern for entry in TECHNIQUES})
# The longest first: "sleep hygiene" before "sleep".
_LABELS = sorted([*_TOPICS.items(), *_EMOTIONS.items(), *_TECHNIQUES.items()], key=lambda pair: -len(pair[0]))


@dataclass(frozen=True, slots=True)
class _Clause:
    """Part of a sentence with one speaker; `is_about` if it only names subjects."""

    text: str
    words: tuple[Word, ...]
    speakers: frozenset[str] | None
    is_about: bool


def check_content(statement: Statement) -> Verdict:
    """Every clause of the statement's texts is covered by what was said."""
    verdicts = [_covered(clause, statement) for part in statement.parts for clause in _clauses(part, statement)]
    return lowest([*verdicts, SUPPORTED if _is_telling(statement) else check("empty")])


def _is_telling(statement: Statement) -> bool:
    """Whether any text has words that can be compared: those that hold any sentence together cannot."""
    return not statement.parts or any(
        content_words(part.text)
        or any(map(is_number, tokens(part.text)))
        or QUOTED.search(part.text)
        or contains(fold(statement.near_text), fold(part.text))
        for part in statement.parts
    )


def _clauses(part: Part, statement: Statement) -> Iterator[_Clause]:
    if part.role == "quote":
        return
    speakers = PATIENT_SIDE if part.of_patient else None
    for sentence in sentences(without_quotations(part.text)):
        for text in [] if _is_verbatim(sentence, speakers, statement) else _CLAUSE.split(sentence):
            speakers = _speakers(text) or speakers
            is_about = part.role == "label" or _is_about(text)
            named = _without_labels(text, statement, speakers) if is_about else text
            yield _Clause(text, content_words(named), speakers, is_about)


def _is_verbatim(text: str, speakers: frozenset[str] | None, statement: Statement) -> bool:
    """Whether the text is a whole sentence of the transcript."""
    said = [one for one in statement.said if speakers is None or one.speaker in speakers]
    return any(fold(one.text) == fold(text) for one in said if one.is_cited)


def _speakers(text: str) -> frozenset[str] | None:
    """Whose words or acts the clause gives."""
    if _OF_THERAPIST.search(text):
        return frozenset({"therapist"})
    return frozenset({"patient"}) if _OF_PATIENT.search(text) else None


def _is_about(text: str) -> bool:
    opening = _ABOUT.match(text)
    if not opening or is_negating(text):
        return False
    rest = text.removeprefix(opening.group())
    return not _CLAIMING.search(rest) and len(content_words(rest)) <= ABOUT_WORDS


def _without_labels(text: str, statement: Statement, speakers: frozenset[str] | None) -> str:
    """The text without the subjects and feelings of our lists that the lines mention."""
    lines = [fold(one.text) for one in statement.said if speakers is None or one.speaker in speakers]
    folded = fold(text)
    for label, pattern in _LABELS:
        if contains(folded, fold(label)) and any(pattern.search(line) for line in lines):
            folded = f" {folded} ".replace(f" {fold(label)} ", " ").strip()
    return folded


def _covered(clause: _Clause, statement: Statement) -> Verdict:
    if not clause.words:
        return SUPPORTED
    everyone = statement.said
    heard = [one for one in everyone if _counts(one, clause)]
    sources = _sources(clause.words, heard)
    missing = [word for word in clause.words if not any(_has(word, one) for one in sources)]
    if missing:
        by_others = all(any(_has(word, one) for one in everyone) for word in missing)
        return check("speaker" if by_others and clause.speakers else "content")
    if not any(one.is_cited for one in sources):
        return check("lines")
    if clause.is_about:
        return SUPPORTED
    is_task = isinstance(statement.item, schema.ActionItem)
    return SUPPORTED if is_task and _is_said_so(clause, sources) else _agrees(clause, sources)


def _counts(one: Sentence, clause: _Clause) -> bool:
    """Whether the sentence can prove the clause: its speaker's, and no mere question to somebody else."""
    if clause.speakers is not None and one.speaker not in clause.speakers:
        return False
    return clause.is_about or not one.is_question or clause.speakers == frozenset({"therapist"})


def _sources(words: Sequence[Word], heard: Sequence[Sentence]) -> list[Sentence]:
    """The few sentences that cover the words: the best first, then whatever covers most of the rest."""
    left = list(words)
    chosen: list[Sentence] = []
    while left and len(chosen) < MOST_SOURCES:
        best = max(heard, key=lambda one: (_agreeing(left, one), one.is_cited), default=None)
        if best is None or not _agreeing(left, best)[0]:
            break
        chosen.append(best)
        left = [word for word in left if not _has(word, best)]
    return chosen


def _agreeing(words: Iterable[Word], one: Sentence) -> tuple[int, int]:
    """How many of the words the sentence has, and how many of them as they were meant."""
    found = [word for word in words if _has(word, one)]
    return len(found), sum(_is_meant(word, one) for word in found)


def _has(word: Word, one: Sentence) -> bool:
    return any(word.means(other) for other in one.words)


def _is_meant(word: Word, one: Sentence) -> bool:
    return any(word.means(other) and word.is_negated == other.is_negated for other in one.words)


def _agrees(clause: _Clause, sources: Sequence[Sentence]) -> Verdict:
    """Negation and reality of the clause are those of its sources."""
    if not _is_said_so(clause, sources):
        return check("polarity")
    is_fact = (UNREAL | INTENDED).isdisjoint(tokens(clause.text))
    return check("reality") if is_fact and all(one.is_unreal or one.is_intended for one in sources) else SUPPORTED


def _is_said_so(clause: _Clause, sources: Sequence[Sentence]) -> bool:
    """Whether what the clause negates is negated in its sources, and nothing else."""
    if is_negating(clause.text) and not any(_negates(one) for one in sources):
        return False
    return all(_is_meant(word, next(one for one in sources if _has(word, one))) for word in clause.words)


def _negates(one: Sentence) -> bool:
    return is_negating(one.text) or any(word.is_negated for word in one.words)


def patient_named(statement: Statement, label: str) -> bool:
    """Whether the patient named the feeling, without denying it."""
    pattern = _EMOTIONS.get(fold(label))
    words = content_words(label)
    own = [one for one in statement.said if one.speaker in PATIENT_SIDE and not one.is_question]
    if pattern and any(_names(pattern, one) for one in own):
        return True
    return bool(words) and all(any(_is_meant(word, one) for one in own) for word in words)


def _names(pattern: re.Pattern[str], one: Sentence) -> bool:
    """Whether the sentence names the feeling and does not deny it."""
    found = pattern.search(fold(one.text))
    named = content_words(found.group()) if found else ()
    is_denied = any(other.is_negated for other in one.words if any(word.means(other) for word in named))
    return found is not None and not is_denied
