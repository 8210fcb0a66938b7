"""From a transcript to a draft in which every statement is verified."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from sessions_app.pipeline import evidence, risk
from sessions_app.pipeline.drafting.schema import ExtractedNotes, normalise
from sessions_app.pipeline.engines import base
from sessions_app.pipeline.types import BeforeCall, Extractor, Segment, unasked


@dataclass(frozen=True, slots=True)
class VerifiedDraft:
    """Notes as plain data, with the languages in which no risk was looked for; the number of statements verified and
    removed; and the tokens used.
    """

    notes: dict[str, object]
    verified: int
    removed: int
    prompt_tokens: int
    completion_tokens: int


def draft(engine: Extractor, segments: Sequence[Segment], *, before_call: BeforeCall = unasked) -> VerifiedDraft:
    """Ask the engine, verify each statement, then merge our own risk phrases, which a model can add to but not remove.

    Raises EngineError, and what `before_call` raises.
    """
    raw = engine.extract(segments, before_call=before_call)
    try:
        notes = normalise(ExtractedNotes.model_validate(raw.notes))
    except ValidationError:  # its message would quote the transcript
        raise base.Transient("bad_reply") from None
    grounded = evidence.verify(notes, segments)
    flags = risk.merge_risk(grounded.notes.risk_flags, risk.find_risk(segments))
    proved = grounded.notes.model_copy(update={"risk_flags": flags})
    return VerifiedDraft(
        notes={**proved.model_dump(mode="json"), "risk_not_looked_for": risk.not_looked_for(segments)},
        verified=grounded.verified,
        removed=grounded.removed,
        prompt_tokens=raw.prompt_tokens,
        completion_tokens=raw.completion_tokens,
    )
