"""The risk rules: they find phrases to review in the whole transcript. They never score and never rule out a risk."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import get_args

from sessions_app.pipeline.drafting.schema import Evidence, RiskFlag, RiskSeverity, RiskType
from sessions_app.pipeline.lexicon.risk_terms import IDIOMS, RULES, WORDS_FOR
from sessions_app.pipeline.text.matching import fold, is_backchannel, phrases, runs
from sessions_app.pipeline.types import Segment

CONTEXT_WORDS = 25  # maximum context on each side of a match
LONGEST_ANSWER = 8  # lines
_SEVERITIES: tuple[RiskSeverity, ...] = get_args(RiskSeverity)
_SENTENCE_STOP = re.compile(r"[.!?…][\"'”’)\]]*$")  # noqa: RUF001  typographic quotes
_HESITATION = " (?:(?:uh|um|er|erm|hmm|like|you know|just|really|actually|maybe|kind of|sort of|fucking|bloody) ){0,3}"


def _compiled(lines: str) -> re.Pattern[str]:
    for place, words in WORDS_FOR.items():
        lines = lines.replace(place, words)
    return phrases(lines, space=_HESITATION)


_PATTERNS = [(rule.type, rule.severity, _compiled(rule.phrases)) for rule in RULES]
_IDIOMS = _compiled(IDIOMS)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as spoken, and its segment."""

    text: str
    segment: Segment


@dataclass(frozen=True, slots=True)
class _Hit:
    """A matched phrase: the positions of its first and last word in the run."""

    type: RiskType
    severity: RiskSeverity
    first: int
    last: int


def find_risk(segments: Sequence[Segment]) -> list[RiskFlag]:
    """All phrases to review, in order, including the therapist's; the flag names the speaker."""
    flags = [flag for run in runs(segments) for flag in _flags_in(run)]
    return _in_order(flags, segments)


def merge_risk(model_flags: Iterable[RiskFlag], rule_flags: Iterable[RiskFlag]) -> list[RiskFlag]:
    """The rules' flags unchanged, plus the model's, in order; added flags are always marked `model`."""
    merged = list(rule_flags)
    for flag in model_flags:
        added = flag.model_copy(update={"source": "model"})
        if not any(_covers(known, added) for known in merged):
            merged.append(added)
    return sorted(merged, key=lambda flag: min(flag.evidence.segments, default=0))


def protected_lines(segments: Sequence[Segment], flags: Iterable[RiskFlag]) -> set[int]:
    """`Segment.index` of the lines that no text for the patient may be drawn from.

    All listed lines; around those of medium or high severity their neighbours too, up to the nearest line that is more
    than an interjection; and the patient's answer to a question about risk.
    """
    lines = list(segments)
    position = {segment.index: at for at, segment in enumerate(lines)}
    held: set[int] = set()
    for flag in flags:
        cited = sorted(position[index] for index in flag.evidence.segments if index in position)
        held.update(cited)
        if cited and severity_rank(flag.severity):
            held.update(_neighbours(lines, cited[0], -1), _neighbours(lines, cited[-1], +1))
            held.update(_answer_to(flag, lines, cited[-1]))
    return {lines[at].index for at in held}


def _neighbours(lines: Sequence[Segment], at: int, step: int) -> Iterator[int]:
    """The positions from `at` to the nearest line that is not an interjection."""
    at += step
    while 0 <= at < len(lines):
        yield at
        if not is_backchannel(lines[at]):
            return
        at += step


def _answer_to(flag: RiskFlag, lines: Sequence[Segment], at: int) -> Iterator[int]:
    """The positions of what others say after a question, until the asker speaks again."""
    if flag.speaker == "patient" or not flag.evidence.quote.rstrip().endswith("?"):
        return
    for following in range(at + 1, min(at + 1 + LONGEST_ANSWER, len(lines))):
        if lines[following].speaker != flag.speaker:
            yield following
        elif not is_backchannel(lines[following]):
            return


def severity_rank(severity: RiskSeverity) -> int:
    """0 for low, 1 for medium, 2 for high."""
    return _SEVERITIES.index(severity)


def _covers(known: RiskFlag, other: RiskFlag) -> bool:
    return (
        known.type == other.type
        and bool(set(known.evidence.segments) & set(other.evidence.segments))
        and severity_rank(known.severity) >= severity_rank(other.severity)
    )


def _flags_in(run: list[Segment]) -> Iterator[RiskFlag]:
    """One flag per sentence and type, with its most severe phrase."""
    words = [_Word(text, segment) for segment in run for text in segment.text.split()]
    seen: dict[RiskType, set[int]] = {}
    for hit in sorted(_hits([fold(word.text) for word in words]), key=_strongest_first):
        flagged = seen.setdefault(hit.type, set())
        if hit.first in flagged and hit.last in flagged:
            continue
        first, last = _sentence_around(words, hit)
        flagged.update(range(first, last + 1))
        yield _flag(hit, words[first : last + 1])


def _strongest_first(hit: _Hit) -> tuple[int, int]:
    return -severity_rank(hit.severity), hit.first


def _hits(folded: list[str]) -> Iterator[_Hit]:
    """Matches over the whole run, so that phrases across line breaks are found."""
    said = [at for at, word in enumerate(folded) if word]
    text = " ".join(folded[at] for at in said)
    starts = list(accumulate((len(folded[at]) + 1 for at in said), initial=0))[:-1]
    idioms = [match.span() for match in _IDIOMS.finditer(text)]
    for risk_type, severity, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            harmless = any(first <= start and end <= last for first, last in idioms)
            first_word = said[bisect_right(starts, start) - 1]
            last_word = said[bisect_right(starts, end - 1) - 1]
            yield _Hit(risk_type, "low" if harmless else severity, first_word, last_word)


def _sentence_around(words: list[_Word], hit: _Hit) -> tuple[int, int]:
    """The match with the rest of its sentence, within its segments."""
    first, last = hit.first, hit.last
    while first > max(0, hit.first - CONTEXT_WORDS) and _read_on(words[first - 1], words[first]):
        first -= 1
    while last < min(len(words) - 1, hit.last + CONTEXT_WORDS) and _read_on(words[last], words[last + 1]):
        last += 1
    return first, last


def _read_on(word: _Word, following: _Word) -> bool:
    return word.segment is following.segment and not _SENTENCE_STOP.search(word.text)


def _flag(hit: _Hit, words: list[_Word]) -> RiskFlag:
    quote = " ".join(word.text for word in words)
    return RiskFlag(
        type=hit.type,
        severity=hit.severity,
        source="rule",
        speaker=words[0].segment.speaker,
        start=words[0].segment.start,
        evidence=Evidence(segments=sorted({word.segment.index for word in words}), quote=quote),
    )


def _in_order(flags: list[RiskFlag], segments: Sequence[Segment]) -> list[RiskFlag]:
    position = {segment.index: at for at, segment in enumerate(segments)}
    return sorted(flags, key=lambda flag: position[flag.evidence.segments[0]])
