"""Denials: that something is absent stands only as a question and its answer, and no level of risk is ever stated."""

from collections.abc import Iterator

from sessions_app.pipeline.evidence.said import Sentence, answer_to, is_no
from sessions_app.pipeline.evidence.statements import Statement, without_quotations
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check, lowest, refused
from sessions_app.pipeline.text.matching import fold, phrases, sentences
from sessions_app.pipeline.text.words import content_words

_LEVEL = phrases(r"""
    (low|lower|no|minimal|little|zero|negligible|absent|medium|moderate|high|elevated|acute|any) (\w+ ){0,3}risk
    (without|imminent) (\w+ ){0,3}risk
    risk (level )?(is|was|remains|appears|seems|rated|deemed|judged) (\w+ ){0,2}(low|minimal|absent|none|not)
    (not|isnt|never) (\w+ ){0,3}(risk|danger|dangerous)
    no (\w+ ){0,2}(danger|safety concerns?|threat)
    (patient|client|she|he|you|they|and) (is|are|was|were|remains?|appears?|seems?|stays?|looks?) (\w+ ){0,2}safe
    (deemed|considered|judged|assessed|found) (as |to be )?(\w+ )?safe
    (can|could|may) safely|safe (to|for) (\w+ )?(go|leave|return|discharge|be|stay)
    safety (is|was) (not a concern|assured|established|confirmed)|contracts? for safety
""")
_SAFE = phrases(r"safe|safety is")
_DENIES = phrases(r"deny|denies|denied|denying")
_HURTS = (
    r"(harm|hurt)\w* (\w+ ){0,2}(self|(him|her|them|my|your)sel(f|ves)|others?|anyone|anybody|someone|him|her|them)"
)
_ABSENT = phrases(
    r"""
    no (\w+ ){0,3}(thoughts?|plans?|intent(ion|ions)?|ideation|urges?|history|evidence|signs?|indications?|desire|wish)
    (absence|lack) of|free of|without (\w+ ){0,2}(thoughts?|plans?|intent|ideation|urges?)|negative for|ruled out
    (not|never|isnt|hasnt|havent) (\w+ ){0,4}(suicid\w*|homicid\w*|self harm\w*|kill\w*|die|dying|_HURTS)
    (not|never|isnt|hasnt|havent) (\w+ ){0,4}(overdos\w*|violen\w*|abus\w*)
    (none|neither|nor|nothing|nobody|no|not) (\w+ ){0,5}(suicid\w*|homicid\w*|self harm\w*|overdos\w*|violen\w*)
""".replace("_HURTS", _HURTS)
)
_RISK = phrases(
    r"""
    suicid\w*|homicid\w*|self harm\w*|_HURTS|kill\w*|die|dying|dead|death|ideation|overdos\w*|violen\w*
    abus\w*|weapons?|guns?
    (end|ending|take|taking) (my|your|her|his|their) (own )?life|intent(ion|ions)?|not (be|being) (here|alive)|cutting
""".replace("_HURTS", _HURTS)
)
_HEDGE = phrases(r"""
    but|maybe|sometimes|not really|i guess|i suppose|i think|at the moment|right now|lately|any ?more|except
    although|only|used to|almost
    not exactly|not quite|hard to say|depends|most(ly)?|not (today|this week|often|always)|sort of|kind of
""")


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
    if _LEVEL.search(folded):
        return refused("risk_level")
    if _SAFE.search(folded) and not _SAFE.search(fold(statement.near_text)):
        return refused("risk_level")
    is_risk = _RISK.search(folded) is not None
    if is_risk and (_DENIES.search(folded) or _ABSENT.search(folded)):
        if _is_answered(text, statement):
            return SUPPORTED
        return check("denial") if _is_said_beside(text, statement) else refused("denial")
    if _DENIES.search(folded) and not _is_answered(text, statement):
        return check("denial")
    return SUPPORTED


def _is_answered(text: str, statement: Statement) -> bool:
    """Whether the cited lines ask about the matter and answer with a clear no."""
    asked = [one for one in statement.said if one.is_question and one.is_cited and one.speaker == "therapist"]
    return any(_is_about(text, one) and _is_denied(one, statement) for one in asked)


def _is_said_beside(text: str, statement: Statement) -> bool:
    """Whether the patient denies it in their own sentence, after a question about risk."""
    asked = any(one.is_question and one.is_cited and one.speaker != "patient" for one in statement.said)
    own = [one for one in statement.said if one.is_cited and one.speaker == "patient"]
    denied = [other for one in own for other in one.words if other.is_negated]
    risky = [word for word in content_words(text) if _RISK.search(word.text)]
    return asked and bool(risky) and all(any(word.means(other) for other in denied) for word in risky)


def _is_about(text: str, asked: Sentence) -> bool:
    return any(word.means(other) for word in content_words(text) for other in asked.words)


def _is_denied(asked: Sentence, statement: Statement) -> bool:
    at = next(at for at, segment in enumerate(statement.near) if segment.index == asked.index)
    answer = answer_to(statement.near[at + 1 :])
    if answer is None or answer.index not in statement.cited or not is_no(answer.text):
        return False
    return not _HEDGE.search(fold(answer.text))
