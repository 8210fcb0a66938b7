"""Agreed tasks: what the therapist sets for the time between sessions, and what the patient promises when asked.

Threats, wishes, memories, questions and matters of the appointment sound alike. A task is listed only if the words say
who set it; if in doubt, it is left out.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from sessions_app.pipeline.drafting.actions import Action, Spoken, actions_in
from sessions_app.pipeline.lexicon import assignments as words
from sessions_app.pipeline.text.matching import fold, phrases, sentences
from sessions_app.pipeline.types import Segment

ANSWER_WITHIN = 6  # lines
ANSWER_LENGTH = 200  # characters; what comes later in a long answer no longer answers
SHORT_REPLY = 12  # words of a therapist who only confirms a detail
Answer = Literal["promised", "accepted", "refused", "none"]

_ACCEPTED, _REFUSED, _AFTER_ALL = (phrases(one) for one in (words.ACCEPTED, words.REFUSED, words.ACCEPTED_AFTER_ALL))
_ASKS_FOR_A_STEP, _PROMISED = phrases(words.ASKS_FOR_A_STEP), phrases(words.PROMISED)
_NOT_A_PROMISE, _HARM, _NOT_NOW = phrases(words.NOT_A_PROMISE), phrases(words.HARM), phrases(words.NOT_AN_ASSIGNMENT)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done, in the words of the one who said it, with the sentence and the lines that prove it."""

    text: str
    sentence: str
    said_in: Segment
    answer: Segment | None

    @property
    def lines(self) -> list[int]:
        """The indexes of the proposal and the answer."""
        return [one.index for one in (self.said_in, self.answer) if one is not None]

    @property
    def is_homework(self) -> bool:
        """Whether the therapist set it; else the patient promised it."""
        return self.said_in.speaker == "therapist"

    @property
    def is_agreed(self) -> bool:
        """Whether the patient accepted what the therapist set."""
        return self.is_homework and self.answer is not None


def agreed_tasks(segments: Sequence[Segment], protected: Set[int] = frozenset()) -> list[Task]:
    """In the order in which they were said, each once. `protected` are line indexes that no task may rest on."""
    kept: dict[str, Task] = {}
    for at, segment in enumerate(segments):
        if segment.speaker == "therapist":
            for task in list(_set_in(segments, at)) or _promised_after(segments, at):
                if protected.isdisjoint(task.lines):
                    kept.setdefault(fold(task.text), task)
    return list(kept.values())


def _set_in(segments: Sequence[Segment], at: int) -> Iterator[Task]:
    """What the therapist sets in a line, unless the patient refuses it."""
    found = list(actions_in(segments[at].text))
    kind, answer = _answer(segments, at) if found else ("none", None)
    for action in found:
        if _holds(action, kind):
            yield Task(action.text, action.sentence, segments[at], answer)


def _holds(action: Action, answer: Answer) -> bool:
    if answer == "none":
        return not action.is_weak
    return answer == "promised" or (answer == "accepted" and action.is_timed)


def _answer(segments: Sequence[Segment], at: int) -> tuple[Answer, Segment | None]:
    """How the patient answers; a question about a detail and its short answer may come first."""
    for segment in segments[at + 1 : at + 1 + ANSWER_WITHIN]:
        folded = fold(segment.text[:ANSWER_LENGTH])
        if segment.speaker == "patient":
            if _REFUSED.search(folded) and not _AFTER_ALL.search(folded):
                return "refused", None
            if _PROMISED.search(folded) and not _NOT_A_PROMISE.search(folded):
                return "promised", segment
            if _ACCEPTED.search(folded):
                return "accepted", segment
        elif segment.speaker != "therapist" or len(folded.split()) > SHORT_REPLY:
            return "none", None
    return "none", None


def _promised_after(segments: Sequence[Segment], at: int) -> Iterator[Task]:
    """What the patient promises in answer to a question for a next step."""
    answer = segments[at + 1] if at + 1 < len(segments) else None
    if answer is None or answer.speaker != "patient" or not _asks_for_a_step(segments[at].text):
        return
    if _HARM.search(fold(answer.text)):
        return
    for sentence in sentences(answer.text):
        if text := _promise(Spoken(sentence)):
            yield Task(text, sentence, answer, segments[at])


def _promise(spoken: Spoken) -> str:
    match = _PROMISED.search(spoken.folded)
    if not match or spoken.sentence.endswith("?") or _NOT_A_PROMISE.search(spoken.folded):
        return ""
    return spoken.trimmed(match.start(), len(spoken.folded), is_cut=False)


def _asks_for_a_step(text: str) -> bool:
    asked = sentences(text)
    folded = fold(asked[-1]) if asked else ""
    return _ASKS_FOR_A_STEP.search(folded) is not None and not _NOT_NOW.search(folded)
