"""Which of two voices asks the questions of a therapist."""

import re
from collections.abc import Mapping, Sequence

QUESTION_WEIGHT = 3.0
CUE_WEIGHT = 2.0
CLEAR_MARGIN = 6.0  # points per 100 words
FEWEST_QUESTIONS = 2
_WORD = re.compile(r"[\w'\u2019]+")
_QUESTION = re.compile(
    r"[?\u061f\uff1f]|(?:^|[.!]\s+)(?:how|what|when|where|who|why|which|(?:do|did|have|are|can|could|would) you)\b"
)
_CUE = re.compile(
    r"\b(?:tell me|how (?:do|did|does|are|is|was|have|would)|what (?:do|did|would|happen\w*|comes)|can you|could you"
    r"|would you|shall we|let us|let's|sounds like|i hear|i wonder|i would like you|(?:last|next) session|last time"
    r"|homework|good to see you|thank you for sharing)\b"
)
_ABOUT_YOU = re.compile(r"\b(?:you|your|yours|yourself)\b")
_ABOUT_ME = re.compile(r"\b(?:i|me|my|mine|myself|i'm|i've|i'd|i\u2019m|i\u2019ve)\b")


def clear_therapist(voices: Mapping[str, Sequence[str]]) -> str | None:
    """The one of two voices that clearly asks and leads; None if a person has to say it."""
    first, second = sorted(voices, key=lambda voice: -therapist_score(voices[voice]))
    lead = therapist_score(voices[first]) - therapist_score(voices[second])
    return first if lead >= CLEAR_MARGIN and _questions(voices[first]) >= FEWEST_QUESTIONS else None


def therapist_score(texts: Sequence[str]) -> float:
    """Points per 100 words: questions, typical phrases of therapists and "you" add, "I" and "my" subtract."""
    text = "\n".join(texts).lower()
    points = QUESTION_WEIGHT * _questions(texts)
    points += CUE_WEIGHT * len(_CUE.findall(text)) + len(_ABOUT_YOU.findall(text)) - len(_ABOUT_ME.findall(text))
    return 100 * points / max(1, len(_WORD.findall(text)))


def _questions(texts: Sequence[str]) -> int:
    return sum(len(_QUESTION.findall(text.lower())) for text in texts)
