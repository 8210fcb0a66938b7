"""From a transcript to a draft in which every statement has passed the evidence gate."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from sessions_app.pipeline import evidence, risk
from sessions_app.pipeline.drafting.schema import ExtractedNotes, RiskFlag, normalise
from sessions_app.pipeline.drafting.style import DEFAULT, Style, shaped
from sessions_app.pipeline.engines import base
from sessions_app.pipeline.evidence.again import judge_again
from sessions_app.pipeline.evidence.statements import QUOTED
from sessions_app.pipeline.types import BeforeCall, Draft, Extractor, Segment, Verifier, unasked

NOTHING_ASKED = Draft(notes={})  # of an engine


@dataclass(frozen=True, slots=True)
class JudgedDraft:
    """Notes as plain data, with the languages in which no risk was looked for; the number of statements in each state;
    and the tokens used.
    """

    notes: dict[str, Any]
    supported: int
    to_check: int
    refused: int
    refused_reasons: dict[str, int]
    prompt_tokens: int
    completion_tokens: int


def draft(
    engine: Extractor,
    segments: Sequence[Segment],
    *,
    language: str = "",
    has_low_quality: bool = False,
    style: Style = DEFAULT,
    verifier: Verifier | None = None,
    before_call: BeforeCall = unasked,
    before_turn: BeforeCall = unasked,
) -> JudgedDraft:
    """Ask the engine, judge each statement, then add our own risk phrases, which a model can add to but not remove.

    Raises EngineError, and what `before_call` and `before_turn` raise; the latter is asked for each turn of a speaker.
    """
    before_call()
    found = risk.find_risk(segments, before_turn)
    protected = risk.protected_lines(segments, found)
    raw = engine.extract(segments, protected=protected, before_call=before_call)
    notes = _read(raw, style)
    before_call()
    protected |= risk.protected_lines(segments, notes.risk_flags)
    judged = evidence.judge(
        notes,
        segments,
        language=language,
        protected=protected,
        has_low_quality=has_low_quality,
        verifier=verifier,
    )
    return _summed_up(judged, _with_risk(judged.notes, found, segments), verifier, raw)


def check_again(
    notes: Mapping[str, Any],
    segments: Sequence[Segment],
    *,
    language: str = "",
    kept: Set[str] = frozenset(),
    verifier: Verifier | None = None,
) -> JudgedDraft:
    """Judge stored notes by the transcript as it is now; statements stay as they are.

    `kept` are the ids of statements that a therapist made their own: they are not left out, whatever the lines say now.
    The verifier is asked about those whose second pass failed, and no others.
    """
    named = [flag for flag in notes["risk_flags"] if flag["source"] == "model"]
    found = risk.find_risk(segments)
    protected = risk.protected_lines(segments, [*found, *map(_flag, named)])
    judged = judge_again(
        {**notes, "risk_flags": named},
        segments,
        language=language,
        protected=protected,
        kept=kept,
        verifier=verifier,
    )
    return _summed_up(judged, _with_risk(judged.notes, found, segments), verifier)


def _read(raw: Draft, style: Style) -> ExtractedNotes:
    try:
        return shaped(normalise(ExtractedNotes.model_validate(raw.notes)), style)
    except ValidationError:  # its message would quote the transcript
        raise base.Transient("bad_reply") from None


def _summed_up(
    judged: evidence.Judged, notes: dict[str, Any], verifier: Verifier | None, raw: Draft = NOTHING_ASKED
) -> JudgedDraft:
    """The verdicts, with what the engine sent and nobody could read, and the tokens of both passes."""
    return JudgedDraft(
        notes=notes,
        supported=judged.supported,
        to_check=judged.to_check,
        refused=judged.refused + raw.unreadable,
        refused_reasons=judged.refused_reasons | ({"unreadable": raw.unreadable} if raw.unreadable else {}),
        prompt_tokens=raw.prompt_tokens + (verifier.prompt_tokens if verifier else 0),
        completion_tokens=raw.completion_tokens + (verifier.completion_tokens if verifier else 0),
    )


def lines_about_risk(notes: Mapping[str, Any], segments: Sequence[Segment]) -> set[int]:
    """The lines that no text for the patient may be drawn from, by the flags of a stored draft."""
    return risk.protected_lines(segments, map(_flag, notes.get("risk_flags", [])))


def tasks_for_patient(
    notes: Mapping[str, Any], segments: Sequence[Segment], *, has_low_quality: bool = False
) -> set[str]:
    """The ids of stored action items that their patient may read, by the rules for texts for patients.

    None that rests on a line about risk, and of a transcript of low quality none with a quotation.
    """
    protected = lines_about_risk(notes, segments)
    return {
        item["id"]
        for item in notes.get("action_items", [])
        if "id" in item
        and protected.isdisjoint(item["evidence"]["segments"])
        and not (has_low_quality and QUOTED.search(item["task"]))
    }


def _with_risk(notes: Mapping[str, Any], found: Sequence[RiskFlag], segments: Sequence[Segment]) -> dict[str, Any]:
    """The notes with the model's flags whose words stand in the transcript, and those of our rules."""
    named = map(_flag, notes["risk_flags"])
    flags = [
        flag.model_dump(mode="json") | {"id": f"risk_flags-{at}", "state": "supported", "reason": ""}
        for at, flag in enumerate(risk.merge_risk(named, found))
    ]
    return {**notes, "risk_flags": flags, "risk_not_looked_for": risk.not_looked_for(segments)}


def _flag(stored: Mapping[str, Any]) -> RiskFlag:
    return RiskFlag.model_validate({name: stored[name] for name in RiskFlag.model_fields})
