"""Subjects: in the lines, somebody else does what the statement says of a person.

"Alicia wants him tested. I said let's wait" has all words of "Curtis wants him tested, and Alicia said to wait".
Compared is only what has a subject on both sides: "I", "he" or a name, and a verb right after it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sessions_app.pipeline.evidence.statements import Statement, without_quotations
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check
from sessions_app.pipeline.lexicon.subjects import Subjects
from sessions_app.pipeline.text.matching import fold, sentences
from sessions_app.pipeline.text.thesaurus import base_of
from sessions_app.pipeline.text.words import Word, content_words

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]")  # noqa: RUF001  typographic apostrophe
_CLITIC = re.compile(r"(?<=\w)['’](m|s|re|ve|ll|d)$", re.IGNORECASE)  # noqa: RUF001  typographic apostrophe
_MOST_BETWEEN = 5  # words from a subject to its verb
_HALF = 0.5  # of the words that are reported, if only somebody else said them
_ABSENT = frozenset({"absent", "other"})  # whom a name or a kinship word may stand for
_ANYBODY = _ABSENT | {"patient", "therapist"}


@dataclass(frozen=True, slots=True)
class _Who:
    """Whom a subject may stand for: voices of the session or somebody absent, and by which name."""

    persons: frozenset[str]
    name: str = ""

    def may_be(self, other: "_Who") -> bool:
        is_same_name = not (self.name and other.name) or self.name == other.name
        return is_same_name and not self.persons.isdisjoint(other.persons)


@dataclass(frozen=True, slots=True)
class _Act:
    """What somebody does: the verb, its form, and the words after it."""

    who: _Who
    verb: str
    base: str
    is_negated: bool
    has_being: bool
    rest: str


def check_subjects(statement: Statement) -> Verdict:
    """Nothing that a person is said to do was done by somebody else in the lines."""
    done = [
        act
        for segment in statement.near
        for sentence in sentences(segment.text)
        for act in _acts(sentence, segment.speaker, statement)
    ]
    written = [
        act
        for part in statement.parts
        if part.role != "quote"
        for sentence in sentences(without_quotations(part.text))
        for act in _acts(sentence, None, statement)
    ]
    return check("subject") if any(_is_of_another(act, done, statement) for act in written) else SUPPORTED


def _is_of_another(act: _Act, done: Sequence[_Act], statement: Statement) -> bool:
    alike = [
        other
        for other in done
        if (other.base, other.is_negated, other.has_being) == (act.base, act.is_negated, act.has_being)
    ]
    if not alike or any(act.who.may_be(other.who) for other in alike):
        return False
    is_frame = act.verb in statement.tables.subjects.reporting and len(act.who.persons) == 1
    return not is_frame or _is_taken_from(act, alike, statement)


def _is_taken_from(act: _Act, alike: Sequence[_Act], statement: Statement) -> bool:
    """Whether what somebody is said to have said is what another said: most of its words stand there alone."""
    language = statement.tables
    words = content_words(act.rest, language)
    theirs = [word for other in alike for word in content_words(other.rest, language)]
    text = statement.near_text
    for other in alike:
        text = text.replace(other.rest, " ")
    others = [word for sentence in sentences(text) for word in content_words(sentence, language)]
    taken = sum(_is_in(word, theirs) and not _is_in(word, others) for word in words)
    return bool(taken) and taken >= _HALF * len(words)


def _is_in(word: Word, words: Sequence[Word]) -> bool:
    return any(word.means(other) for other in words)


def _acts(sentence: str, speaker: str | None, statement: Statement) -> Iterator[_Act]:
    """What the sentence says that anybody does; without a speaker, it is written."""
    tokens = list(_TOKEN.finditer(sentence))
    words = [fold(_CLITIC.sub("", token.group())) for token in tokens]
    spoken = [token.group() for token in tokens]
    for at, token in enumerate(spoken):
        who = _who(token, words[at], speaker, statement)
        if who is None or _is_object(words, spoken, at, statement.tables.subjects):
            continue
        verb = _verb_after(words, at, statement.tables.subjects)
        if verb is None or any(_who(spoken[it], words[it], speaker, statement) for it in range(at + 1, verb + 1)):
            continue
        clitic = _CLITIC.search(token)
        before = [clitic[1].lower() if clitic else words[at], *words[at + 1 : verb]]
        act = _act(who, before, words[verb], sentence[tokens[verb].end() :], statement)
        if act:
            yield act


def _act(who: _Who, before: list[str], verb: str, rest: str, statement: Statement) -> _Act | None:
    language = statement.tables
    has_being = before[-1] in language.subjects.being
    if language.subjects.continuous and verb.endswith(language.subjects.continuous):
        if not has_being:
            return None  # "leaves you feeling", "without him knowing"
        has_being = False
    is_negated = not language.negators.isdisjoint(before) or any(word.endswith("nt") for word in before[1:])
    return _Act(who, verb, base_of(verb, language), is_negated, has_being, rest)


def _verb_after(words: Sequence[str], at: int, subjects: Subjects) -> int | None:
    """The place of the first word after the subject that is neither auxiliary nor adverb; None if none follows."""
    for place in range(at + 1, min(at + 2 + _MOST_BETWEEN, len(words))):
        word = words[place]
        if not word or word in subjects.ends:
            return None
        if word not in subjects.between:
            return place
    return None


def _is_object(words: Sequence[str], spoken: Sequence[str], at: int, subjects: Subjects) -> bool:
    """Whether the place is that of an object or of an owner: "to Alicia", "asked my brother", "Rosa's father"."""
    is_pronoun = words[at] in subjects.speaker | subjects.third | subjects.addressed
    before = words[max(0, at - 2) : at]
    is_owner = not is_pronoun and _CLITIC.search(spoken[at]) is not None
    return is_owner or (not is_pronoun and not subjects.before_object.isdisjoint(before))


def _who(token: str, word: str, speaker: str | None, statement: Statement) -> _Who | None:
    subjects = statement.tables.subjects
    if word in statement.tables.kin.split():
        return _Who(_ABSENT)
    name = _CLITIC.sub("", token)
    if name[:1].isupper() and (persons := statement.transcript.persons_called(name)):
        return _Who(persons)
    if statement.transcript.is_person_talked_of(name):
        return _Who(_ABSENT, word)
    if speaker is None:
        if word in subjects.patient or (statement.for_patient and word in subjects.addressed):
            return _Who(frozenset({"patient"}))
        return _Who(frozenset({"therapist"})) if word in subjects.therapist else None
    return _spoken_pronoun(token, word, speaker, statement)


def _spoken_pronoun(token: str, word: str, speaker: str, statement: Statement) -> _Who | None:
    subjects, voices = statement.tables.subjects, statement.transcript.speakers
    is_third = word in subjects.third or token.lower() == "él"
    if not is_third and word not in subjects.speaker | subjects.addressed:
        return None
    if speaker == "unknown":
        return _Who(_ANYBODY)
    if word in subjects.speaker:
        return _Who(frozenset({speaker}))
    if not is_third:
        return _Who((_ANYBODY if "unknown" in voices else voices) - {speaker})
    # Who is alone with a therapist is spoken to as "you".
    alone = {"patient"} if speaker == "therapist" and "other" not in voices else set()
    return _Who(_ANYBODY - {speaker, "therapist"} - alone)
