"""The risk pass: rules find phrases to review in the whole transcript, a classifier adds lines that no rule lists.

Neither scores a person or rules out a risk.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from sessions_app.pipeline.classifier.listing import MOST, suspected
from sessions_app.pipeline.drafting.schema import Evidence, RiskFlag, RiskSeverity, RiskType
from sessions_app.pipeline.lexicon.risk.terms import lexicon
from sessions_app.pipeline.text.language import LEAST_WORDS, languages_in
from sessions_app.pipeline.text.matching import fold, is_backchannel, runs
from sessions_app.pipeline.text.phrase_search import PhraseSearch
from sessions_app.pipeline.text.spans import sentence_spans
from sessions_app.pipeline.types import BeforeCall, Segment, unasked

CONTEXT_WORDS = 25  # maximum context on each side of a match
LONGEST_ANSWER, ANSWER_WORDS = 8, 60  # lines; words that are quoted of them
LONGEST_SENTENCE, OVERLAP = 60, 14  # words; speech without full stops is searched in overlapping parts
UNDETERMINED = "und"  # as in ISO 639
_SEVERITIES: tuple[RiskSeverity, ...] = get_args(RiskSeverity)
_SENTENCE_STOP = re.compile(r"[.!?…][\"'”’)\]]*$")  # noqa: RUF001  typographic quotes
LANGUAGES = ("en", "es")  # with a list; all are always searched, since sessions mix languages


@dataclass(frozen=True, slots=True)
class _Hit:
    """A matched phrase: the positions of its first and last word in the run; `is_asked` if it is only a question."""

    type: RiskType
    severity: RiskSeverity
    first: int
    last: int
    is_asked: bool


@lru_cache(maxsize=1)
def _searches() -> list[PhraseSearch]:
    """Compiled when first needed: it takes a second."""
    return [PhraseSearch(lexicon(language)) for language in LANGUAGES]


def find_risk(segments: Sequence[Segment], before_turn: BeforeCall = unasked) -> list[RiskFlag]:
    """All phrases to review, including the therapist's, each answer to a question about risk, and suspected lines.

    It takes seconds for hours of conversation; what `before_turn` raises ends it.
    """
    flags: list[RiskFlag] = []
    for run in runs(segments):
        before_turn()
        flags.extend(_flags_in(run))
    answers = list(_answers(segments, flags))
    return worst_first([*_without_repeated(flags, answers), *answers])


def _without_repeated(flags: Iterable[RiskFlag], answers: Iterable[RiskFlag]) -> Iterator[RiskFlag]:
    """All but what is listed as part of an answer anyway: of the same kind, or found by the classifier."""
    quoted: dict[int, list[RiskFlag]] = {}
    for answer in answers:
        for index in answer.evidence.segments:
            quoted.setdefault(index, []).append(answer)
    for flag in flags:
        if not any(_repeats(flag, answer) for answer in quoted.get(flag.evidence.segments[0], ())):
            yield flag


def _repeats(flag: RiskFlag, answer: RiskFlag) -> bool:
    is_as_severe = severity_rank(answer.severity) >= severity_rank(flag.severity)
    is_same = flag.source == "classifier" or flag.type == answer.type
    return is_same and is_as_severe and flag.evidence.quote in answer.evidence.quote


def not_looked_for(segments: Iterable[Segment]) -> list[str]:
    """The languages (ISO 639-1) of a good part of the transcript that have no list; "und" if none is recognised."""
    lines = [segment.text for segment in segments]
    spoken = languages_in(lines)
    if not spoken and sum(len(line.split()) for line in lines) >= LEAST_WORDS:
        return [UNDETERMINED]
    return [language for language in spoken if language not in LANGUAGES]


def worst_first(flags: Iterable[RiskFlag]) -> list[RiskFlag]:
    """By severity, what the classifier alone lists last, what the patient said before what others said, in order."""
    return sorted(
        flags,
        key=lambda flag: (
            -severity_rank(flag.severity),
            flag.source == "classifier",
            flag.speaker == "therapist",
            min(flag.evidence.segments, default=0),
        ),
    )


def merge_risk(model_flags: Iterable[RiskFlag], rule_flags: Iterable[RiskFlag]) -> list[RiskFlag]:
    """The rules' flags unchanged, plus the model's, in order; added flags are always marked `model`."""
    known: dict[tuple[RiskType, int], int] = {}
    merged: list[RiskFlag] = []
    for flag in [*rule_flags, *(flag.model_copy(update={"source": "model"}) for flag in model_flags)]:
        places = [(flag.type, index) for index in flag.evidence.segments]
        severity = severity_rank(flag.severity)
        if flag.source == "model" and any(known.get(place, -1) >= severity for place in places):
            continue
        merged.append(flag)
        known |= {place: max(severity, known.get(place, -1)) for place in places}
    return worst_first(merged)


def protected_lines(segments: Sequence[Segment], flags: Iterable[RiskFlag]) -> set[int]:
    """`Segment.index` of the lines that no text for the patient may be drawn from.

    All listed lines, with answers to questions about risk among them; around those of medium or high severity their
    neighbours too, up to the nearest line that is more than an interjection.
    """
    lines = list(segments)
    position = {segment.index: at for at, segment in enumerate(lines)}
    held: set[int] = set()
    for flag in flags:
        cited = sorted(position[index] for index in flag.evidence.segments if index in position)
        held.update(cited)
        if cited and severity_rank(flag.severity):
            held.update(_neighbours(lines, cited[0], -1), _neighbours(lines, cited[-1], +1))
    return {lines[at].index for at in held}


def _neighbours(lines: Sequence[Segment], at: int, step: int) -> Iterator[int]:
    """The positions from `at` to the nearest line that is not an interjection."""
    at += step
    while 0 <= at < len(lines):
        yield at
        if not is_backchannel(lines[at]):
            return
        at += step


def _answers(segments: Sequence[Segment], flags: Iterable[RiskFlag]) -> Iterator[RiskFlag]:
    """What the others say after a question about risk, whatever they say: a flag for each question."""
    position = {segment.index: at for at, segment in enumerate(segments)}
    questions: dict[int, RiskFlag] = {}
    for flag in flags:
        at = position[flag.evidence.segments[-1]]
        # "On the form you ticked better off dead. Is that right?" asks about it in two sentences.
        ends_in_question = segments[at].text.rstrip().endswith("?")
        is_said_by_rule = flag.source == "rule" and flag.speaker != "patient"
        if is_said_by_rule and (ends_in_question or _asks(flag.evidence.quote)):
            worst = questions.get(at)
            if worst is None or severity_rank(worst.severity) < severity_rank(flag.severity):
                questions[at] = flag
    for at, question in questions.items():
        if answer := [line for line in _answer_to(segments, at) if fold(line.text)]:
            yield _answer(question, answer)


def _answer_to(segments: Sequence[Segment], at: int) -> Iterator[Segment]:
    """The lines of other voices until the asker speaks again; where voices are not told apart, the next line."""
    asker, following = segments[at], segments[at + 1 : at + 1 + LONGEST_ANSWER]
    spoken: list[Segment] = []
    for line in following:
        if _voice(line) != _voice(asker):
            spoken.append(line)
        elif not is_backchannel(line) and spoken and not spoken[-1].text.rstrip().endswith("?"):
            break  # a question in return has to be answered before the answer comes
    if spoken:
        # With what the asker said in between: a quote is one stretch of the transcript.
        return iter(following[: following.index(spoken[-1]) + 1][following.index(spoken[0]) :])
    return iter(() if asker.speaker == "therapist" else following[:1])


def _voice(segment: Segment) -> str:
    return segment.label or segment.speaker


def _answer(question: RiskFlag, lines: Sequence[Segment]) -> RiskFlag:
    words = " ".join(line.text for line in lines).split()
    return RiskFlag(
        type=question.type,
        severity=question.severity,
        source="answer",
        speaker=lines[0].speaker,
        start=lines[0].start,
        evidence=Evidence(segments=[line.index for line in lines], quote=" ".join(words[:ANSWER_WORDS])),
    )


def _asks(sentence: str) -> bool:
    return "?" in sentence or any(search.is_question(fold(sentence).split()) for search in _searches())


def severity_rank(severity: RiskSeverity) -> int:
    """0 for low, 1 for medium, 2 for high."""
    return _SEVERITIES.index(severity)


def _flags_in(run: list[Segment]) -> Iterator[RiskFlag]:
    """The rules' flags, and those of the classifier on words that no rule lists with the same or a higher severity."""
    words = [word for segment in run for word in segment.text.split()]
    sources = [segment for segment in run for _ in segment.text.split()]
    ranks: dict[int, int] = {}
    yield from _listed_in(words, sources, ranks)
    suspicion = severity_rank(MOST)
    yield from suspected(words, sources, {at for at, rank in ranks.items() if rank >= suspicion})


def _listed_in(words: Sequence[str], sources: Sequence[Segment], ranks: dict[int, int]) -> Iterator[RiskFlag]:
    """One flag per sentence and type, with its most severe phrase; a question only if nothing as severe lists it.

    `ranks` is filled with the severity of each listed word, by its position.
    """
    seen: dict[RiskType, set[int]] = {}
    for hit in sorted(_hits(words, sources), key=_strongest_first):
        flagged = seen.setdefault(hit.type, set())
        if hit.first in flagged and hit.last in flagged:
            continue
        rank = severity_rank(hit.severity)
        if hit.is_asked and min(ranks.get(hit.first, -1), ranks.get(hit.last, -1)) >= rank:
            continue
        first, last = _sentence_around(words, sources, hit)
        flagged.update(range(first, last + 1))
        ranks.update((at, max(rank, ranks.get(at, -1))) for at in range(first, last + 1))
        yield _flag(hit, words[first : last + 1], sources[first : last + 1])


def _strongest_first(hit: _Hit) -> tuple[bool, int, int]:
    return hit.is_asked, -severity_rank(hit.severity), hit.first


def _hits(words: Sequence[str], sources: Sequence[Segment]) -> Iterator[_Hit]:
    """Matches in every sentence of a run, so that phrases across line breaks are found."""
    folded = [fold(word) for word in words]
    for start, end in sentence_spans(words, longest=LONGEST_SENTENCE, overlap=OVERLAP):
        sentence = folded[start:end]
        for search in _searches():
            for found in search.search(sentence):
                rule = found.rule
                if not rule.is_asked or (sources[start].speaker != "patient" and _asks(" ".join(words[start:end]))):
                    yield _Hit(rule.type, rule.severity, start + found.first, start + found.last, rule.is_asked)


def _sentence_around(words: Sequence[str], sources: Sequence[Segment], hit: _Hit) -> tuple[int, int]:
    """The match with the rest of its sentence, within its segments."""

    def reads_on(at: int) -> bool:
        return sources[at] is sources[at + 1] and not _SENTENCE_STOP.search(words[at])

    first, last = hit.first, hit.last
    while first > max(0, hit.first - CONTEXT_WORDS) and reads_on(first - 1):
        first -= 1
    while last < min(len(words) - 1, hit.last + CONTEXT_WORDS) and reads_on(last):
        last += 1
    return first, last


def _flag(hit: _Hit, words: Sequence[str], sources: Sequence[Segment]) -> RiskFlag:
    return RiskFlag(
        type=hit.type,
        severity=hit.severity,
        source="rule",
        speaker=sources[0].speaker,
        start=sources[0].start,
        evidence=Evidence(segments=sorted({segment.index for segment in sources}), quote=" ".join(words)),
    )
