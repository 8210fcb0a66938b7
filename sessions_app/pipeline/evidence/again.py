"""Judging a draft again after its transcript was corrected: no statement changes, only what is said about it."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.schema import ExtractedNotes
from sessions_app.pipeline.evidence.gate import Judged, items_of, judge
from sessions_app.pipeline.evidence.second_pass import FAILED
from sessions_app.pipeline.types import Segment, Verifier

# What the second pass found is not looked for again: it stays to be checked. What it never looked at may be.
LASTING = frozenset({"contradicted", "second_pass", FAILED})
_ADDED = ("id", "state", "reason")


def judge_again(
    notes: Mapping[str, Any],
    segments: Sequence[Segment],
    *,
    language: str = "",
    protected: Set[int] = frozenset(),
    kept: Set[str] = frozenset(),
    verifier: Verifier | None = None,
) -> Judged:
    """Judge the statements of stored notes by the lines as they are now.

    Ids stay; refused statements are left out, except `kept` ones, by id, which a therapist made their own. The verifier
    is asked about those whose second pass failed.
    """
    plain = _plain(notes)
    earlier = dict(zip((key for key, _, _ in items_of(plain)), _in_order(notes), strict=True))
    spared = {key for key, before in earlier.items() if before["id"] in kept}
    failed = {key for key, before in earlier.items() if before["reason"] == FAILED and key not in spared}
    judged = judge(
        plain, segments, language=language, protected=protected, spared=spared, verifier=verifier, asked=failed
    )
    asked = {earlier[key]["id"] for key in failed} if verifier else set()
    left = [(item, earlier[item["id"]]) for item in _in_order(judged.notes)]
    for item, before in left:
        item["id"] = before["id"]
        if item["state"] == "supported" and before["reason"] in LASTING and item["id"] not in asked:
            item |= {"state": "check", "reason": before["reason"]}
    states = [item["state"] for item, _ in left]
    counts = (states.count("supported"), states.count("check"))
    return Judged(judged.notes, *counts, judged.refused, judged.refused_reasons)


def _plain(notes: Mapping[str, Any]) -> ExtractedNotes:
    """The notes as the engine drafted them."""
    known = {name: _without_verdicts(notes[name]) for name in ExtractedNotes.model_fields}
    return ExtractedNotes.model_validate(known)


def _without_verdicts(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_verdicts(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_verdicts(inner) for name, inner in value.items() if name not in _ADDED}
    return value


def _in_order(notes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every item, in the order of `items_of`."""
    found = [item for name in schema.LIST_FIELDS for item in notes[name]]
    found += [notes[name] for name in schema.SINGLE_FIELDS if notes[name] is not None]
    return found + [item for name in schema.SUMMARY_FIELDS for item in notes[name]["statements"]]
