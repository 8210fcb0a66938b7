"""Merges the notes drafted from the parts of a long transcript, without inventing or rewording statements."""

from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import Any

from sessions_app.pipeline.drafting.schema import (
    LIST_FIELDS,
    SUMMARY_FIELDS,
    Cited,
    Evidence,
    ExtractedNotes,
    Passage,
    RiskFlag,
    Summary,
)


def merged(drafts: Sequence[ExtractedNotes]) -> ExtractedNotes:
    """Merge at least one draft into one; fields about which the parts disagree become None."""
    first, *others = drafts
    if not others:
        return first
    changes: dict[str, Any] = {name: _joined([getattr(draft, name) for draft in drafts]) for name in LIST_FIELDS}
    for name in SUMMARY_FIELDS:
        changes[name] = _shared([getattr(draft, name).statements for draft in drafts])
    for name in ("session_mood", "mood_trajectory"):
        changes[name] = _agreed([getattr(draft, name) for draft in drafts])
    changes["topic_summary"] = _in_sequence([draft.topic_summary for draft in drafts])
    changes["breakthrough"] = next((draft.breakthrough for draft in drafts if draft.breakthrough), None)
    return first.model_copy(update=changes)


def _joined(lists: Sequence[Sequence[Cited]]) -> list[Cited]:
    """Interleaved, so that a later cap on the count keeps something of each part."""
    kept: dict[str, Cited] = {}
    for item in chain.from_iterable(zip_longest(*lists)):
        if item is not None:
            # Identical risk phrases are separate places to review; everything else is deduplicated.
            exclude = None if isinstance(item, RiskFlag) else {"evidence"}
            kept.setdefault(item.model_dump_json(exclude=exclude).casefold(), item)
    return list(kept.values())


def _shared(parts: Sequence[Sequence[Passage]]) -> Summary:
    """The opening sentences of each part, so that summaries do not grow with the session."""
    return Summary(statements=[passage for part in parts for passage in part[: -(-len(part) // len(parts))]])


def _agreed(found: Sequence[Any]) -> Any:
    named = [item for item in found if item is not None]
    return named[0] if len({item.value for item in named}) == 1 else None


def _in_sequence(passages: Sequence[Passage | None]) -> Passage | None:
    found = [passage for passage in passages if passage is not None]
    if not found:
        return None
    cited = [index for passage in found for index in passage.evidence.segments]
    evidence = Evidence(segments=cited, quote=found[0].evidence.quote)
    return Passage(text=" ".join(passage.text for passage in found), evidence=evidence)
