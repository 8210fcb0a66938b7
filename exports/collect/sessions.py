"""Sessions with what was said, drafted and told in them, and what came of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from exports.collect.rows import Rows
from exports.records.columns import (
    ACTION_ITEM,
    CLOSING,
    DECISION,
    DRAFT,
    LINE,
    PRIVATE_NOTE,
    RISK_REVIEW,
    RISK_STEP,
    SESSION,
    SUMMARY,
    TRANSCRIPT,
)
from exports.records.sessions import ActionItem, Draft, PrivateNote, RiskReview, Session, Summary, Transcript

NOTHING_SAID: dict[str, Any] = {"transcript": None, "drafts": [], "summary": None}


def bare_sessions(rows: Rows) -> list[Session]:
    """When meetings were, and of what kind; patients read neither how long they took nor when they were drafted."""
    found = [SESSION.read(row, title=row.title, **NOTHING_SAID) for row in rows.sessions()]
    hidden = {"duration_seconds": None, "processed_at": None}
    return [replace(one, **hidden) for one in found] if rows.is_shared else found


def told_sessions(rows: Rows) -> list[Session]:
    """The same with the texts that their patient can read."""
    told = {row.session_id: _told(row) for row in rows.summaries().shared()}
    return [replace(one, summary=told.get(one.id)) for one in bare_sessions(rows)]


def whole_sessions(rows: Rows) -> list[Session]:
    """The same with all that belongs to them. Transcripts and drafts are working material that patients do not read."""
    if rows.is_shared:
        told = {row.session_id: _told(row) for row in rows.summaries()}
        return [replace(one, summary=told.get(one.id)) for one in bare_sessions(rows)]
    held = rows.sessions().select_related("transcript", "summary").prefetch_related("extractions__reviews")
    return [_session(row) for row in held]


def _session(row: Any) -> Session:
    summary = getattr(row, "summary", None)
    drafts = sorted(row.extractions.all(), key=lambda one: one.version)
    session: Session = SESSION.read(
        row,
        title=row.title,
        transcript=_transcript(row),
        drafts=[_draft(one) for one in drafts],
        summary=SUMMARY.read(summary) if summary else None,
    )
    return session


def _transcript(row: Any) -> Transcript | None:
    held = getattr(row, "transcript", None)
    return TRANSCRIPT.read(held, lines=[LINE.read(line) for line in held.lines]) if held else None


def _draft(row: Any) -> Draft:
    reviews = sorted(row.reviews.all(), key=lambda one: one.pk)
    draft: Draft = DRAFT.read(
        row,
        decisions={one.statement: one.decision for one in reviews},
        reviews=[DECISION.read(one) for one in reviews],
    )
    return draft


def _told(row: Any) -> Summary:
    """A text as its patient knows of it: of one that was withdrawn, only that it was."""
    summary: Summary = SUMMARY.read(row)
    return replace(summary, text=summary.text if row.is_shared else "", told_at=None, changed_by=None)


def private_notes(rows: Rows) -> list[PrivateNote]:
    """The reader's own, if the patient authorised that they leave."""
    return [PRIVATE_NOTE.read(row) for row in rows.private_notes()]


def action_items(rows: Rows) -> list[ActionItem]:
    """What was agreed; patients read neither details nor why something was dropped."""
    if rows.is_shared:
        return [_agreed(ACTION_ITEM.read(row, closings=[])) for row in rows.action_items()]
    found = rows.action_items().prefetch_related("closings")
    return [ACTION_ITEM.read(row, closings=_closings(row)) for row in found]


def _agreed(item: ActionItem) -> ActionItem:
    hidden: Mapping[str, Any] = {"details": None, "reason": None, "draft": None, "segments": [], "statement": ""}
    return replace(item, changed_by=None, **hidden)


def _closings(row: Any) -> list[Any]:
    return [CLOSING.read(one) for one in sorted(row.closings.all(), key=lambda one: (one.closed_at, one.pk))]


def risk_reviews(rows: Rows) -> list[RiskReview]:
    """How possible risk was dealt with."""
    return [
        RISK_REVIEW.read(row, history=[RISK_STEP.read(one) for one in row.history.all()]) for row in rows.risk_reviews()
    ]
