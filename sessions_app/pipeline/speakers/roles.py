"""Guess which of two speakers is the therapist, from what they say; one click swaps them."""

import re
from collections.abc import Mapping, Sequence

from sessions_app.pipeline.types import Speaker

_NAMED: dict[str, Speaker] = {
    **dict.fromkeys(
        ("therapist", "counsellor", "counselor", "clinician", "psychologist", "psychiatrist", "doctor", "interviewer"),
        "therapist",
    ),
    **dict.fromkeys(("patient", "client", "interviewee"), "patient"),
}
QUESTION_WEIGHT = 3.0
CUE_WEIGHT = 2.0
CLEAR_MARGIN = 1.0  # points per 100 words
_WORD = re.compile(r"[\w'\u2019]+")
_QUESTION = re.compile(
    r"\?|(?:^|[.!]\s+)(?:how|what|when|where|who|why|which|(?:do|did|have|are|can|could|would) you)\b"
)
_CUE = re.compile(
    r"\b(?:tell me|how (?:do|did|does|are|is|was|have|would)|what (?:do|did|would|happen\w*|comes)|can you|could you"
    r"|would you|shall we|let us|let's|sounds like|i hear|i wonder|i would like you|(?:last|next) session|last time"
    r"|homework|good to see you|thank you for sharing)\b"
)
_ABOUT_YOU = re.compile(r"\b(?:you|your|yours|yourself)\b")
_ABOUT_ME = re.compile(r"\b(?:i|me|my|mine|myself|i'm|i've|i'd|i\u2019m|i\u2019ve)\b")


def therapist_score(texts: Sequence[str]) -> float:
    """Points per 100 words: questions, typical therapist phrases and "you" add, "I" and "my" subtract."""
    text = "\n".join(texts).lower()
    points = QUESTION_WEIGHT * sum(len(_QUESTION.findall(line)) for line in text.split("\n"))
    points += CUE_WEIGHT * len(_CUE.findall(text)) + len(_ABOUT_YOU.findall(text)) - len(_ABOUT_ME.findall(text))
    return 100 * points / max(1, len(_WORD.findall(text)))


def name_roles(spoken: Mapping[str, Sequence[str]]) -> dict[str, Speaker]:
    """A role for every label, from what each said; labels that already are roles ("Client") are kept.

    With more than two speakers, the most talkative besides the therapist is the patient and the rest are "other".
    """
    named = {label: _NAMED.get(label.strip().lower()) for label in spoken}
    if any(named.values()):
        return {label: role or "other" for label, role in named.items()}
    if len(spoken) == 1:
        label, texts = next(iter(spoken.items()))
        return {label: "therapist" if therapist_score(texts) > 0 else "patient"}
    words = {label: sum(len(_WORD.findall(text)) for text in texts) for label, texts in spoken.items()}
    talkative = sorted(words, key=lambda label: -words[label])
    pair = talkative[:2]
    therapist = _therapist_of(pair, spoken)
    return {
        label: "other" if label not in pair else "therapist" if label == therapist else "patient" for label in spoken
    }


def _therapist_of(pair: Sequence[str], spoken: Mapping[str, Sequence[str]]) -> str:
    """Of (more, less talkative): the one with the clearly better score, else the one who talks less."""
    talker, listener = pair
    lead = therapist_score(spoken[talker]) - therapist_score(spoken[listener])
    return talker if lead > CLEAR_MARGIN else listener
