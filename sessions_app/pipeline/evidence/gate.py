"""The gate: every statement of a draft ends as supported, to check, or refused."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.schema import Cited, ExtractedNotes, RiskFlag, SignificantQuote, Technique
from sessions_app.pipeline.evidence.content import check_content
from sessions_app.pipeline.evidence.denials import check_denials
from sessions_app.pipeline.evidence.instructions import check_instructions
from sessions_app.pipeline.evidence.labels import check_labels, spoken_score, spoken_severity
from sessions_app.pipeline.evidence.languages import check_language
from sessions_app.pipeline.evidence.markup import check_markup
from sessions_app.pipeline.evidence.names import check_names
from sessions_app.pipeline.evidence.numbers import check_numbers
from sessions_app.pipeline.evidence.quotations import check_evidence, check_quotations
from sessions_app.pipeline.evidence.second_pass import is_due, lowered, second_verdicts
from sessions_app.pipeline.evidence.statements import Statement, Transcript, find
from sessions_app.pipeline.evidence.subjects import check_subjects
from sessions_app.pipeline.evidence.verdicts import Verdict, check, lowest, refused
from sessions_app.pipeline.text.language import language_of
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.types import Segment, Verifier

CHECKS: tuple[Callable[[Statement], Verdict], ...] = (
    check_markup,
    check_language,
    check_evidence,
    check_quotations,
    check_denials,
    check_instructions,
    check_names,
    check_numbers,
    check_labels,
    check_content,
    check_subjects,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """The notes as data, each item with `id`, `state` and `reason`, and how many statements ended in which state."""

    notes: dict[str, Any]
    supported: int
    to_check: int
    refused: int
    refused_reasons: dict[str, int]


def judge(
    notes: ExtractedNotes,
    segments: Sequence[Segment],
    *,
    language: str = "",
    protected: Set[int] = frozenset(),
    has_low_quality: bool = False,
    verifier: Verifier | None = None,
    spared: Set[str] = frozenset(),
    asked: Set[str] | None = None,
) -> Judged:
    """Judge every statement; refused ones are left out and counted by reason.

    `protected` are the lines that no text for the patient may cite; of a transcript of low quality it quotes nothing.
    Statements whose ids are `spared` are not refused. The verifier is asked about those whose ids are `asked`, or about
    all. Raises what `verifier` raises.
    """
    transcript = Transcript(segments)
    spoken = language_of(transcript.text) or language
    judged = [(key, Statement(item, name, transcript, spoken)) for key, name, item in items_of(notes)]
    verdicts = {key: _first_verdict(statement, protected, has_low_quality=has_low_quality) for key, statement in judged}
    if verifier is not None:
        due = [(key, one) for key, one in judged if is_due(one, verdicts[key]) and (asked is None or key in asked)]
        answers = second_verdicts([one for _, one in due], verifier)
        verdicts |= {key: lowered(verdicts[key], answer) for (key, _), answer in zip(due, answers, strict=True)}
    verdicts |= {key: check(verdicts[key].reason) for key in spared if verdicts[key].state == "refused"}
    return _result(notes, dict(judged), verdicts)


def items_of(notes: ExtractedNotes) -> Iterator[tuple[str, str, Cited]]:
    """Id, field and item of every statement, in the order of the notes."""
    for name in schema.LIST_FIELDS:
        yield from ((f"{name}-{at}", name, item) for at, item in enumerate(getattr(notes, name)))
    for name in schema.SINGLE_FIELDS:
        if (item := getattr(notes, name)) is not None:
            yield name, name, item
    for name in schema.SUMMARY_FIELDS:
        yield from ((f"{name}-{at}", name, item) for at, item in enumerate(getattr(notes, name).statements))


def _first_verdict(statement: Statement, protected: Set[int], *, has_low_quality: bool) -> Verdict:
    if not statement.has_lines:
        return refused("no_lines")
    if statement.for_patient and statement.cited & protected:
        return refused("protected")
    if statement.for_patient and has_low_quality and statement.has_quotation:
        return refused("misheard")
    return lowest(check(statement) for check in CHECKS)


def _result(notes: ExtractedNotes, statements: dict[str, Statement], verdicts: dict[str, Verdict]) -> Judged:
    kept = {
        key: _dumped(key, one, verdicts[key]) for key, one in statements.items() if verdicts[key].state != "refused"
    }
    states = Counter(verdict.state for verdict in verdicts.values())
    reasons = Counter(verdict.reason for verdict in verdicts.values() if verdict.state == "refused")
    return Judged(_arranged(notes, kept), states["supported"], states["check"], states["refused"], dict(reasons))


def _dumped(key: str, statement: Statement, verdict: Verdict) -> dict[str, Any]:
    data = _with_source(statement).model_dump(mode="json")
    return data | {"id": key, "state": verdict.state, "reason": verdict.reason}


def _arranged(notes: ExtractedNotes, kept: dict[str, dict[str, Any]]) -> dict[str, Any]:
    def of(name: str) -> list[dict[str, Any]]:
        return [item for key, item in kept.items() if key.rpartition("-")[0] == name]

    arranged: dict[str, Any] = {name: of(name) for name in schema.LIST_FIELDS}
    arranged |= {name: kept.get(name) for name in schema.SINGLE_FIELDS}
    return arranged | {name: {"statements": of(name)} for name in schema.SUMMARY_FIELDS}


def _with_source(statement: Statement) -> Cited:
    """Take speaker and time from the quoted line, a known technique from the library, grades only from the patient."""
    item = statement.item
    if isinstance(item, Technique):
        entry = statement.entry
        return item.model_copy(update={"modality": entry.modality, "definition": entry.definition}) if entry else item
    if isinstance(item, schema.SessionMood):
        return item if spoken_score(item, statement) else item.model_copy(update={"score": None})
    if isinstance(item, schema.Trigger):
        return item if spoken_severity(item, statement) else item.model_copy(update={"severity": None})
    if not isinstance(item, RiskFlag | SignificantQuote):
        return item
    first = (find(fold(item.evidence.quote), statement.stretches) or statement.lines)[0]
    speaker = {"speaker": first.speaker} if isinstance(item, RiskFlag) else {}
    return item.model_copy(update={"start": first.start, **speaker})
