"""Content: who a sentence speaks of, and whether that person said its words, as they were meant.

A sentence is covered by few sentences of the transcript: words collected from many places prove nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.evidence.clauses import Clause, clauses_of
from sessions_app.pipeline.evidence.comparing import comparable, has, is_meant, negates, not_implied, sources_of
from sessions_app.pipeline.evidence.own_words import has_foreign_addition, may_be_own
from sessions_app.pipeline.evidence.said import Sentence
from sessions_app.pipeline.evidence.statements import PATIENT_SIDE, QUOTED, Statement
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check, lowest
from sessions_app.pipeline.evidence.weighing import compare, is_likely
from sessions_app.pipeline.lexicon.languages import Language, is_compared
from sessions_app.pipeline.lexicon.topics import EMOTIONS
from sessions_app.pipeline.text.matching import contains, fold
from sessions_app.pipeline.text.mentions import compiled
from sessions_app.pipeline.text.wordnumbers import is_number
from sessions_app.pipeline.text.words import Word, content_words, is_negating, tokens

# Whom a sentence is about, and whether it happened: other words never make up for that.
NOT_OUTVOTED = frozenset({"person", "reality"})
MOST_CONTEXT = 0.67  # share of the words of a clause that the other speaker may have said
_EMOTIONS = compiled(EMOTIONS)


def check_content(statement: Statement) -> Verdict:
    """Every clause of the statement's texts is covered by what was said."""
    if not _is_telling(statement):
        return check("empty")
    clauses = [clause for part in statement.parts for clause in clauses_of(part, statement)]
    verdicts = [_covered(clause, statement) for clause in clauses]
    worst = lowest(verdicts)
    if not any(clause.words for clause in clauses) or not is_compared(statement.language):
        return worst
    if statement.for_patient and worst == SUPPORTED:
        return worst
    reasons = {verdict.reason for verdict in verdicts} - {SUPPORTED.reason}
    if grave := reasons & NOT_OUTVOTED:
        return check(min(grave))
    if is_likely(statement, compare(statement, clauses), reasons):
        return SUPPORTED
    return check("content") if worst == SUPPORTED else worst


def reasons_against(statement: Statement, clauses: Sequence[Clause]) -> set[str]:
    """What the rules hold against any of the clauses."""
    return {_covered(clause, statement).reason for clause in clauses} - {SUPPORTED.reason}


def _is_telling(statement: Statement) -> bool:
    """Whether any text has words that can be compared: those that hold any sentence together cannot."""
    return not statement.parts or any(
        content_words(part.text, statement.tables)
        or any(map(is_number, tokens(part.text, statement.tables)))
        or QUOTED.search(part.text)
        or contains(fold(statement.near_text), fold(part.text))
        for part in statement.parts
    )


def _covered(clause: Clause, statement: Statement) -> Verdict:
    if not clause.words:
        is_bare_no = is_negating(clause.text, statement.tables) and not any(
            negates(one, statement.tables) for one in statement.said if one.is_cited
        )
        return check("polarity") if is_bare_no else SUPPORTED
    heard = [one for one in statement.said if _counts(one, clause, statement)]
    clause = replace(clause, words=comparable(clause.words, heard, statement.tables))
    sources = sources_of(clause.words, heard)
    return lowest([_is_found(clause, sources, statement), _is_meant_so(clause, sources, statement)])


def _is_found(clause: Clause, sources: Sequence[Sentence], statement: Statement) -> Verdict:
    """Whether the words stand in the sources, one of which is cited."""
    missing = [word for word in clause.words if not any(has(word, one) for one in sources)]
    if missing and not statement.for_patient:
        unsaid = not_implied(missing, sources, statement.tables)
        if has_foreign_addition(unsaid, clause.text, statement.tables):
            return check("content")
        missing = _without_context(unsaid, clause, sources, statement)
    if missing and (statement.for_patient or not may_be_own(missing, clause.words, clause.text, statement.tables)):
        by_others = all(any(has(word, one) for one in statement.said) for word in missing)
        return check("speaker" if by_others and clause.speakers else "content")
    return SUPPORTED if any(one.is_cited for one in sources) else check("lines")


def _without_context(
    missing: list[Word], clause: Clause, sources: Sequence[Sentence], statement: Statement
) -> list[Word]:
    """What is still missing if the others' lines say what is being talked of, and the speaker's own words enough."""
    numbers = sum(map(is_number, tokens(clause.text, statement.tables)))
    if len(missing) > MOST_CONTEXT * (len(clause.words) + numbers) or not any(one.is_cited for one in sources):
        return missing
    return [word for word in missing if not any(_is_context(word, one, statement.tables) for one in statement.said)]


def _is_context(word: Word, one: Sentence, language: Language) -> bool:
    if _is_bystander(word, language) or (one.is_denied and word.is_negated):
        return has(word, one)
    return not one.is_denied and is_meant(word, one)


def _is_meant_so(clause: Clause, sources: Sequence[Sentence], statement: Statement) -> Verdict:
    """Whether the sources say of the words what the clause says."""
    if statement.for_patient and any(_is_doubtful(word, statement.said, statement.tables) for word in clause.words):
        return check("polarity")
    if clause.is_about:
        return SUPPORTED
    if _is_of_another(clause, sources, statement.tables):
        return check("person")
    is_task = isinstance(statement.item, schema.ActionItem)
    return SUPPORTED if is_task and _is_said_so(clause, sources, statement) else _agrees(clause, sources, statement)


def _is_doubtful(word: Word, said: Sequence[Sentence], language: Language) -> bool:
    """Whether anybody in the lines says of the word what the clause does not; too much doubt for the patient's text."""
    opposed = [other for one in said for other in one.words if other.is_negated != word.is_negated]
    return not _is_bystander(word, language) and any(word.means(other) for other in opposed)


def _is_bystander(word: Word, language: Language) -> bool:
    """Of whom and when a sentence speaks may stand before or after its negation."""
    return any(word.means(other) for other in content_words(language.bystanders, language))


def _is_of_another(clause: Clause, sources: Sequence[Sentence], language: Language) -> bool:
    """Whether the sources speak of somebody whom the clause leaves out: "my mother used to say"."""
    for one in sources:
        subject = language.other_subject.search(one.text)
        person = content_words(subject[1], language) if subject else ()
        if (
            person
            and not any(word.means(person[0]) for word in clause.words)
            and not language.pronoun.search(clause.text)
        ):
            return True
    return False


def _counts(one: Sentence, clause: Clause, statement: Statement) -> bool:
    """Whether the sentence can prove the clause: its speaker's, and no mere question, unless it sets a task."""
    if clause.speakers is not None and one.speaker not in clause.speakers:
        return False
    is_task = isinstance(statement.item, schema.ActionItem) and one.speaker == "therapist"
    return clause.is_about or is_task or not one.is_question or clause.speakers == frozenset({"therapist"})


def _agrees(clause: Clause, sources: Sequence[Sentence], statement: Statement) -> Verdict:
    """Negation and reality of the clause are those of its sources."""
    if not _is_said_so(clause, sources, statement):
        return check("polarity")
    language = statement.tables
    spoken = tokens(clause.text, language)
    is_fact = (language.unreal | language.intended).isdisjoint(spoken) and language.fearing.isdisjoint(spoken[:1])
    return check("reality") if is_fact and all(one.is_unreal or one.is_intended for one in sources) else SUPPORTED


def _is_said_so(clause: Clause, sources: Sequence[Sentence], statement: Statement) -> bool:
    """Whether what the clause negates is negated in its sources, and nothing else."""
    beside = [one for one in statement.said if one.is_cited and _counts(one, clause, statement)]
    is_open = isinstance(statement.item, schema.ActionItem | schema.FollowUpTopic)
    meant = statement.said if is_open else sources
    if is_negating(clause.text, statement.tables) and not any(
        negates(one, statement.tables) for one in (*sources, *beside)
    ):
        return False
    found = [word for word in clause.words if any(has(word, one) for one in sources)]
    return all(_is_bystander(word, statement.tables) or any(is_meant(word, one) for one in meant) for word in found)


def patient_named(statement: Statement, label: str) -> bool:
    """Whether the patient named the feeling, without denying it."""
    pattern = _EMOTIONS.get(fold(label))
    words = content_words(label, statement.tables)
    own = [one for one in statement.said if one.speaker in PATIENT_SIDE and not one.is_question]
    if pattern and any(_names(pattern, one, statement.tables) for one in own):
        return True
    return bool(words) and all(any(is_meant(word, one) for one in own) for word in words)


def _names(pattern: re.Pattern[str], one: Sentence, language: Language) -> bool:
    """Whether the sentence names the feeling and does not deny it."""
    found = pattern.search(fold(one.text))
    named = content_words(found.group(), language) if found else ()
    is_denied = any(other.is_negated for other in one.words if any(word.means(other) for word in named))
    return found is not None and not is_denied
