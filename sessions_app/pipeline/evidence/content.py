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
from sessions_app.pipeline.lexicon.drugs import DRUGS
from sessions_app.pipeline.lexicon.glue import INTENDED, KIN, TELLTALE, UNREAL
from sessions_app.pipeline.lexicon.techniques import TECHNIQUES
from sessions_app.pipeline.lexicon.topics import EMOTIONS, TOPICS
from sessions_app.pipeline.text.matching import contains, fold, sentences
from sessions_app.pipeline.text.mentions import compiled
from sessions_app.pipeline.text.wordnumbers import is_number
from sessions_app.pipeline.text.words import Word, content_words, is_negating, tokens

MOST_SOURCES = 3  # sentences of the transcript that one clause may be taken from
WORDS_PER_MISSING, MOST_MISSING = 3, 3  # of so many words, one may be the writer's own; never a telling one
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
_ASKED = re.compile(r"^asked (?:about|whether|if) ([^,]+),\s*", re.IGNORECASE)
_OPENS_WITH_NAME = re.compile(r"^(?:then |later )?([A-Z][a-z]+)(?:'s)?\b")
_CLAIMING = re.compile(r"\b(?:that|how|is|are|was|were|has|have|had|not|never|no)\b", re.IGNORECASE)
_OTHER_SUBJECT = re.compile(rf"^(?:\w+ )?my (?:\w+ )?({'|'.join(KIN.split())})\b(?!'s)(?!.*\bI\b)", re.IGNORECASE)
_PRONOUN = re.compile(r"^(?:she|he|they|her|his|their)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\b[A-Z]\w+")
_KIN = content_words(KIN)
_TELLTALE = content_words(TELLTALE)
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
        if _is_verbatim(sentence, speakers, statement):
            continue
        asked = _ASKED.match(sentence)
        if asked:
            yield _Clause(asked[1], content_words(asked[1]), frozenset({"therapist"}), is_about=True)
        for whole in _CLAUSE.split(sentence[asked.end() :] if asked else sentence):
            named_speaker, text = _without_speaker(whole, statement)
            speakers = named_speaker or _speakers(text) or speakers
            is_about = part.role == "label" or _is_about(text)
            named = _without_labels(text, statement, speakers) if is_about else text
            yield _Clause(text, content_words(named), speakers, is_about)


def _without_speaker(text: str, statement: Statement) -> tuple[frozenset[str] | None, str]:
    """The role of the voice whose name opens the clause, and the rest of it."""
    opening = _OPENS_WITH_NAME.match(text)
    role = statement.transcript.voices.get(fold(opening[1])) if opening else None
    return (frozenset({role}), text[opening.end(1) :]) if opening and role else (None, text)


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
        is_bare_no = is_negating(clause.text) and not any(_negates(one) for one in statement.said if one.is_cited)
        return check("polarity") if is_bare_no else SUPPORTED
    sources = _sources(clause.words, [one for one in statement.said if _counts(one, clause)])
    return lowest([_is_found(clause, sources, statement), _is_meant_so(clause, sources, statement)])


def _is_found(clause: _Clause, sources: Sequence[Sentence], statement: Statement) -> Verdict:
    """Whether the words stand in the sources, one of which is cited."""
    missing = [word for word in clause.words if not any(_has(word, one) for one in sources)]
    if missing and (statement.for_patient or not may_be_own(missing, clause.words, clause.text)):
        by_others = all(any(_has(word, one) for one in statement.said) for word in missing)
        return check("speaker" if by_others and clause.speakers else "content")
    return SUPPORTED if any(one.is_cited for one in sources) else check("lines")


def _is_meant_so(clause: _Clause, sources: Sequence[Sentence], statement: Statement) -> Verdict:
    """Whether the sources say of the words what the clause says."""
    if statement.for_patient and any(_is_doubtful(word, statement.said) for word in clause.words):
        return check("polarity")
    if clause.is_about:
        return SUPPORTED
    if _is_of_another(clause, sources):
        return check("person")
    is_task = isinstance(statement.item, schema.ActionItem)
    return SUPPORTED if is_task and _is_said_so(clause, sources) else _agrees(clause, sources)


def _is_doubtful(word: Word, said: Sequence[Sentence]) -> bool:
    """Whether anybody in the lines says of the word what the clause does not; too much doubt for the patient's text."""
    opposed = [other for one in said for other in one.words if other.is_negated != word.is_negated]
    return not _is_person(word) and any(word.means(other) for other in opposed)


def _is_person(word: Word) -> bool:
    """Whom a sentence speaks of may stand before or after its negation."""
    return any(word.means(other) for other in _KIN)


def _is_of_another(clause: _Clause, sources: Sequence[Sentence]) -> bool:
    """Whether the sources speak of somebody whom the clause leaves out: "my mother used to say"."""
    for one in sources:
        subject = _OTHER_SUBJECT.search(one.text)
        person = content_words(subject[1]) if subject else ()
        if person and not any(word.means(person[0]) for word in clause.words) and not _PRONOUN.search(clause.text):
            return True
    return False


def may_be_own(missing: Sequence[Word], words: Sequence[Word], text: str) -> bool:
    """Whether the few words that were not said may be the writer's: no name, person, medicine, degree or negation."""
    if len(missing) > min(len(words) // WORDS_PER_MISSING, MOST_MISSING):
        return False
    capitals = {fold(word) for word in _CAPITAL.findall(text[1:])}
    return not any(_is_telltale(word) or word.text in capitals or word.is_negated for word in missing)


def _is_telltale(word: Word) -> bool:
    return word.text in DRUGS or any(word.means(other) for other in _TELLTALE)


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
    found = [(word, next((one for one in sources if _has(word, one)), None)) for word in clause.words]
    return all(source is None or _is_person(word) or _is_meant(word, source) for word, source in found)


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
