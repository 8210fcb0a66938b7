"""Finds what a therapist asks for in a line, and cuts the action from the words around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sessions_app.pipeline.lexicon import assignments as words
from sessions_app.pipeline.text.fluency import without_hesitations
from sessions_app.pipeline.text.matching import fold, phrases, sentences

LONGEST_TASK = 32  # words
FEWEST_WORDS = 2
LONG_SENTENCE = 60  # words; longer ones are speech without full stops, whose parts cannot be told apart

_BETWEEN, _NOW, _LOGISTICS = phrases(words.BETWEEN_SESSIONS), phrases(words.NOW), phrases(words.LOGISTICS)
_PROPOSAL, _QUESTION = phrases(words.PROPOSALS), phrases(words.QUESTIONS)
_SETS, _OPEN_QUESTION = phrases(words.SETS), re.compile(words.OPEN_QUESTION)
_WHEN, _IMPERATIVE, _RUN_ON, _LISTED = (
    re.compile(one) for one in (words.WHEN, words.IMPERATIVE, words.RUN_ON, words.LISTED)
)
_ACTION, _AT_HOME = phrases(words.ACTIONS), phrases(words.AT_HOME)
_IN_SESSION, _NOT_AN_ACTION = phrases(words.IN_SESSION), phrases(words.NOT_AN_ACTION)
_NOT_AN_ASSIGNMENT, _TAG = phrases(words.NOT_AN_ASSIGNMENT), phrases(words.TAG)
_AFTERTHOUGHT = re.compile(words.AFTERTHOUGHT, re.IGNORECASE)
_COURTESY = re.compile(r"^please,? ", re.IGNORECASE)
_COLON = re.compile(r"(?<!\d):\s")
_EDGES = ' ,;:.?!…-–—"“”'  # noqa: RUF001  dashes and quotation marks as transcripts have them


@dataclass(frozen=True, slots=True)
class Action:
    """An action and its sentence. A weak one counts only if it is accepted, one without a time if it is promised."""

    text: str
    sentence: str
    is_weak: bool
    is_timed: bool


@dataclass(frozen=True, slots=True)
class _Opening:
    """Where an action begins in the folded sentence."""

    at: int
    is_weak: bool


def actions_in(text: str) -> Iterator[Action]:
    """What the therapist asks for in a line, to be done between sessions."""
    is_homework = False
    for sentence in sentences(text):
        spoken = Spoken(sentence)
        is_homework = (
            is_homework or _BETWEEN.search(spoken.folded) is not None or _SETS.search(spoken.folded) is not None
        )
        if len(spoken.raw) <= LONG_SENTENCE and not _NOT_AN_ASSIGNMENT.search(spoken.folded):
            yield from _actions(spoken, is_homework=is_homework)


def _actions(spoken: "Spoken", *, is_homework: bool) -> Iterator[Action]:
    """The actions of a sentence, each up to the next opening."""
    openings = list(_openings(spoken))
    for number, opening in enumerate(openings):
        is_last = number + 1 == len(openings)
        action = spoken.folded[opening.at :].strip()
        if not _is_for_home(action, spoken.folded):
            continue
        end = len(spoken.folded) if is_last else openings[number + 1].at
        if text := spoken.trimmed(opening.at, end, is_cut=not is_last):
            is_timed = is_homework or not opening.is_weak or _AT_HOME.match(action) is not None
            yield Action(text, spoken.sentence, opening.is_weak, is_timed)


def _openings(spoken: "Spoken") -> Iterator[_Opening]:
    """Proposals, else what follows "your task:", else questions, else an imperative."""
    found = [_Opening(match.end(), is_weak=False) for match in _PROPOSAL.finditer(spoken.folded)]
    found = found or list(_after_colon(spoken)) or list(_asked(spoken)) or list(_told(spoken))
    yield from found


def _after_colon(spoken: "Spoken") -> Iterator[_Opening]:
    head, tail = _parted(_COLON, spoken.sentence)
    is_set = _SETS.search(head) or (_WHEN.match(head) and _BETWEEN.search(head))
    if is_set and _LISTED.match(tail):
        yield _Opening(len(head), is_weak=False)


def _asked(spoken: "Spoken") -> Iterator[_Opening]:
    if _OPEN_QUESTION.match(spoken.folded):
        return
    for match in _QUESTION.finditer(spoken.folded):
        if _ACTION.match(spoken.folded[match.end() :].strip()):
            yield _Opening(match.end(), is_weak=True)


def _told(spoken: "Spoken") -> Iterator[_Opening]:
    """An imperative at the beginning, or after "next time you feel it, "."""
    head, tail = _parted(re.compile(","), spoken.sentence)
    if tail and _WHEN.match(head) and (match := _IMPERATIVE.match(tail)):
        yield _Opening(len(head) + 1 + match.end(), is_weak=True)
    elif match := _IMPERATIVE.match(spoken.folded) or _RUN_ON.match(spoken.folded):
        yield _Opening(match.end(), is_weak=True)


def _parted(mark: re.Pattern[str], sentence: str) -> tuple[str, str]:
    """The folded parts before and after the first mark."""
    parts = [fold(part) for part in mark.split(sentence, maxsplit=1)]
    return parts[0], parts[1] if len(parts) > 1 else ""


def _is_for_home(action: str, sentence: str) -> bool:
    """Whether it can be done between sessions, rather than here and now or about the appointment."""
    if _LOGISTICS.search(sentence) or _NOT_AN_ACTION.match(action):
        return False
    if _IN_SESSION.match(action) or _NOW.search(sentence):
        return _BETWEEN.search(sentence) is not None and not action.startswith(words.ALWAYS_NOW)
    return True


class Spoken:
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
        fluent = without_hesitations(" ".join(chosen))
        text = _COURTESY.sub("", _untagged(_AFTERTHOUGHT.split(fluent)[0].strip(_EDGES)))
        return "" if _is_fragment(text) else text[0].upper() + text[1:]


def _is_fragment(text: str) -> bool:
    spoken = fold(text).split()
    is_broken_off = "…" in text or "..." in text or "--" in text
    return is_broken_off or not FEWEST_WORDS <= len(spoken) <= LONGEST_TASK or spoken[-1] in words.DANGLING


def _before_next(chosen: Sequence[str]) -> list[str]:
    """Without the opening of the next action: ", and I'd also like you to"."""
    text = fold(" ".join(chosen))
    match = _PROPOSAL.search(text) or _QUESTION.search(text)
    kept = list(chosen[: len(text[: match.start()].split())] if match else chosen)
    while kept and fold(kept[-1]) in {"and", "then", "also", "or"}:
        kept.pop()
    return kept


def _untagged(text: str) -> str:
    """Without "okay?" and the like at the end, if a comma stands before it."""
    head, comma, tail = text.rpartition(",")
    return head.strip(_EDGES) if comma and _TAG.match(fold(tail)) else text
