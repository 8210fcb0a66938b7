"""Agreed tasks: what the therapist sets for the time between sessions, and what the patient promises when asked.

Threats, wishes, memories, questions and matters of the appointment sound alike. A task is listed only if the words say
who set it; if in doubt, it is left out.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from sessions_app.pipeline.lexicon import assignments as words
from sessions_app.pipeline.text.matching import fold, phrases, sentences
from sessions_app.pipeline.types import Segment

LONGEST_TASK = 32  # words
FEWEST_WORDS = 2
ANSWER_WITHIN = 6  # lines
SHORT_REPLY = 12  # words of a therapist who only confirms a detail
LONG_SENTENCE = 60  # words; longer ones are speech without full stops, whose parts cannot be told apart
Answer = Literal["accepted", "refused", "none"]

_BETWEEN, _NOW, _LOGISTICS = phrases(words.BETWEEN_SESSIONS), phrases(words.NOW), phrases(words.LOGISTICS)
_PROPOSAL, _QUESTION = phrases(words.PROPOSALS), phrases(words.QUESTIONS)
_IMPERATIVE, _AT_HOME = re.compile(words.IMPERATIVE), phrases(words.AT_HOME)
_IN_SESSION, _NOT_AN_ACTION = phrases(words.IN_SESSION), phrases(words.NOT_AN_ACTION)
_NOT_AN_ASSIGNMENT, _TAG = phrases(words.NOT_AN_ASSIGNMENT), phrases(words.TAG)
_ACCEPTED, _REFUSED, _AFTER_ALL = (phrases(one) for one in (words.ACCEPTED, words.REFUSED, words.ACCEPTED_AFTER_ALL))
_ASKS_FOR_A_STEP, _PROMISED = phrases(words.ASKS_FOR_A_STEP), phrases(words.PROMISED)
_NOT_A_PROMISE, _HARM = phrases(words.NOT_A_PROMISE), phrases(words.HARM)
_EDGES = ' ,;:.?!…-–—"“”'  # noqa: RUF001  dashes and quotation marks as transcripts have them


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


@dataclass(frozen=True, slots=True)
class _Found:
    """An action within a sentence; a weak one counts only if the patient accepts it."""

    text: str
    sentence: str
    is_weak: bool


def agreed_tasks(segments: Sequence[Segment], protected: Set[int] = frozenset()) -> list[Task]:
    """In the order in which they were said, each once. `protected` are line indexes that no task may rest on."""
    kept: dict[str, Task] = {}
    for at, segment in enumerate(segments):
        found = list(_set_in(segments, at)) if segment.speaker == "therapist" else []
        if segment.speaker == "therapist" and not found:
            found = list(_promised_after(segments, at))
        for task in found:
            if protected.isdisjoint(task.lines):
                kept.setdefault(fold(task.text), task)
    return list(kept.values())


def _set_in(segments: Sequence[Segment], at: int) -> Iterator[Task]:
    """What the therapist sets in a line, unless the patient refuses it."""
    found = list(_assignments(segments[at].text))
    if not found:
        return
    kind, answer = _answer(segments, at)
    for one in found:
        if kind == "accepted" or (kind == "none" and not one.is_weak):
            yield Task(one.text, one.sentence, segments[at], answer)


def _assignments(text: str) -> Iterator[_Found]:
    is_homework = False
    for sentence in sentences(text):
        spoken = _Spoken(sentence)
        is_homework = is_homework or _BETWEEN.search(spoken.folded) is not None
        if len(spoken.raw) <= LONG_SENTENCE and not _NOT_AN_ASSIGNMENT.search(spoken.folded):
            yield from _actions(spoken, is_homework=is_homework)


def _actions(spoken: "_Spoken", *, is_homework: bool) -> Iterator[_Found]:
    """The actions after the openings of a sentence, each up to the next opening."""
    openings = [(match.end(), False) for match in _PROPOSAL.finditer(spoken.folded)]
    openings = openings or [(match.end(), True) for match in _QUESTION.finditer(spoken.folded)]
    if not openings and (match := _IMPERATIVE.match(spoken.folded)):
        openings = [(match.end(), True)]
    for at, (start, is_weak) in enumerate(openings):
        action = spoken.folded[start:].strip()
        if _is_for_home(action, spoken.folded, is_homework=is_homework, is_weak=is_weak):
            end = openings[at + 1][0] if at + 1 < len(openings) else len(spoken.folded)
            if text := spoken.trimmed(start, end, is_cut=at + 1 < len(openings)):
                yield _Found(text, spoken.sentence, is_weak)


def _is_for_home(action: str, sentence: str, *, is_homework: bool, is_weak: bool) -> bool:
    """Whether it can be done between sessions, rather than here and now or about the appointment."""
    if _LOGISTICS.search(sentence) or _NOT_AN_ACTION.match(action):
        return False
    has_time = is_homework or _BETWEEN.search(sentence) is not None
    if _IN_SESSION.search(action) or _NOW.search(sentence):
        return _BETWEEN.search(sentence) is not None and not action.startswith(("tell me", "describe"))
    return has_time or not is_weak or _AT_HOME.match(action) is not None


def _answer(segments: Sequence[Segment], at: int) -> tuple[Answer, Segment | None]:
    """How the patient answers; a question about a detail and its short answer may come first."""
    for segment in segments[at + 1 : at + 1 + ANSWER_WITHIN]:
        folded = fold(segment.text)
        if segment.speaker == "patient":
            if _REFUSED.search(folded) and not _AFTER_ALL.search(folded):
                return "refused", None
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
        text = _promise(_Spoken(sentence))
        if text:
            yield Task(text, sentence, answer, segments[at])


def _promise(spoken: "_Spoken") -> str:
    match = _PROMISED.search(spoken.folded)
    if not match or spoken.sentence.endswith("?") or _NOT_A_PROMISE.search(spoken.folded):
        return ""
    return spoken.trimmed(match.start(), len(spoken.folded), is_cut=False)


def _asks_for_a_step(text: str) -> bool:
    asked = sentences(text)
    folded = fold(asked[-1]) if asked else ""
    return _ASKS_FOR_A_STEP.search(folded) is not None and not _NOT_AN_ASSIGNMENT.search(folded)


class _Spoken:
    """A sentence as spoken and folded, so that a place found in the folded words can be cut from the spoken ones."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.raw = sentence.split()
        folded = [fold(word) for word in self.raw]
        self._kept = [at for at, word in enumerate(folded) if word]
        self._starts = list(accumulate((len(folded[at]) + 1 for at in self._kept), initial=0))
        self.folded = " ".join(folded[at] for at in self._kept)

    def trimmed(self, start: int, end: int, *, is_cut: bool) -> str:
        """The words between two places of the folded text, as a task; empty if they are only a fragment of one."""
        chosen = [self.raw[at] for at, place in zip(self._kept, self._starts, strict=False) if start <= place < end]
        if is_cut:
            chosen = _before_next(chosen)
        text = _untagged(" ".join(chosen).strip(_EDGES))
        return "" if _is_fragment(text) else text[0].upper() + text[1:]


def _is_fragment(text: str) -> bool:
    spoken = fold(text).split()
    is_broken_off = "…" in text or "..." in text or "--" in text
    return is_broken_off or not FEWEST_WORDS <= len(spoken) <= LONGEST_TASK or spoken[-1] in words.DANGLING


def _before_next(chosen: list[str]) -> list[str]:
    """Without the opening of the next action: ", and I'd also like you to"."""
    text = fold(" ".join(chosen))
    match = next(iter(_PROPOSAL.finditer(text)), None) or next(iter(_QUESTION.finditer(text)), None)
    count = len(text[: match.start()].split()) if match else len(chosen)
    kept = chosen[:count]
    while kept and fold(kept[-1]) in {"and", "then", "also", "or"}:
        kept.pop()
    return kept


def _untagged(text: str) -> str:
    """Without "okay?" and the like at the end, if a comma or stop stands before it."""
    head, comma, tail = text.rpartition(",")
    if comma and _TAG.match(fold(tail)):
        return head.strip(_EDGES)
    return text
