"""Denials: that something is absent stands only as a question and its answer, and no level of risk is ever stated."""

from collections.abc import Iterator

from sessions_app.pipeline.evidence.said import Sentence, answer_to, is_no, is_question
from sessions_app.pipeline.evidence.statements import Statement, without_quotations
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check, lowest, refused
from sessions_app.pipeline.lexicon.languages import Language
from sessions_app.pipeline.text.matching import fold, sentences
from sessions_app.pipeline.text.words import content_words


def check_denials(statement: Statement) -> Verdict:
    """No statement grades risk; a denial cites the question and a clear no."""
    return lowest(_verdicts(statement))


def _verdicts(statement: Statement) -> Iterator[Verdict]:
    for part in statement.parts:
        if part.role == "quote":
            continue
        own = without_quotations(part.text)
        yield from (_verdict(text, statement) for text in sentences(own))


def _verdict(text: str, statement: Statement) -> Verdict:
    folded = fold(text)
    if statement.tables.grades_risk.search(folded):
        return refused("risk_level")
    if statement.tables.safe.search(folded) and not statement.tables.safe.search(fold(statement.near_text)):
        return refused("risk_level")
    is_risk = statement.tables.risk.search(folded) is not None
    if is_risk and (statement.tables.denies.search(folded) or statement.tables.absent.search(folded)):
        if _is_answered(text, statement):
            return SUPPORTED
        return check("denial") if _is_said_beside(text, statement) else refused("denial")
    if statement.tables.denies.search(folded) and not _is_answered(text, statement):
        return check("denial")
    return SUPPORTED


def _is_answered(text: str, statement: Statement) -> bool:
    """Whether the cited lines ask about the matter and answer with a clear no."""
    asked = [one for one in statement.said if one.is_question and one.is_cited and one.speaker == "therapist"]
    asked = [one for one in asked if not statement.tables.presumes.search(fold(one.text))]
    answers = [answer for one in asked if _is_about(text, one, statement.tables) and (answer := _no_to(one, statement))]
    is_limited = statement.tables.limits.search(fold(text)) is not None
    return any(is_limited or not _is_hedged(answer, statement.tables) for answer in answers)


def _is_said_beside(text: str, statement: Statement) -> bool:
    """Whether the patient denies it in their own sentence, after a question about risk, or with a limited no."""
    language = statement.tables
    questions = [one for one in statement.said if one.is_question and one.is_cited and one.speaker != "patient"]
    if any(_is_about(text, one, language) and _no_to(one, statement) for one in questions):
        return True
    own = [
        one
        for one in statement.said
        if one.is_cited and one.speaker == "patient" and not is_question(one.text, statement.tables)
    ]
    denied = [other for one in own for other in one.words if other.is_negated]
    risky = [word for word in content_words(text, language) if language.risk.search(word.text)]
    return bool(questions) and bool(risky) and all(any(word.means(other) for other in denied) for word in risky)


def _is_about(text: str, asked: Sentence, language: Language) -> bool:
    return any(word.means(other) for word in content_words(text, language) for other in asked.words)


def _no_to(asked: Sentence, statement: Statement) -> str:
    """The cited answer that begins with a clear no; empty if there is none."""
    at = next(at for at, segment in enumerate(statement.near) if segment.index == asked.index)
    answer = answer_to(statement.near[at + 1 :])
    if answer is None or answer.index not in statement.cited or not is_no(answer.text, statement.tables):
        return ""
    return "" if _is_hedged(sentences(answer.text)[0], statement.tables) else answer.text


def _is_hedged(answer: str, language: Language) -> bool:
    return language.hedges.search(fold(answer)) is not None
