"""Sessions: when they were, what was said, what was drafted and shared, what was agreed, and reviews of risk."""

from collections.abc import Iterator
from typing import Any

from exports.builders.outline.blocks import NOTHING, Block, Facts, Line, Paragraph, Section, Talk, table_of
from exports.builders.outline.words import by, filled, label_of, length, many, moment, none
from exports.records.record import Record
from exports.records.sessions import Draft, Session, Summary, Transcript
from sessions_app.action_items.choices import Assignee, ItemStatus
from sessions_app.choices import (
    QUALITY_NOTICES,
    SPEAKERS,
    Modality,
    SessionKind,
    SessionStatus,
    SpeakerSource,
    StatementDecision,
    clock,
    language_name,
)
from sessions_app.notes.choices import SOURCE_LABELS, SummaryStatus
from therapybridge.core import dates

# What is not there may be still to come; of the others nothing needs to be said.
NOT_THERE = {
    SessionStatus.PENDING.value: "Still being made",
    SessionStatus.UPLOADING.value: "Still being made",
    SessionStatus.TRANSCRIBING.value: "Still being made",
    SessionStatus.FAILED.value: "Could not be made",
}
LABELS = SOURCE_LABELS | {"techniques": "Techniques that were used", "patient_summary": "Text for the patient"}
UNREVIEWED = "Not reviewed by a therapist, and not shared with the patient"
UNCHECKED = "left out: nobody has checked what the transcript says of it, or the therapist deleted it."
STATES = "Supported: the transcript says it, by the product's own check. Kept: a therapist decided to keep it."
BUILT_IN = "builtin"  # engine of a draft that no model made
UPLOADED = "upload"  # engine of a transcript that somebody brought
# What of a drafted statement is read, in this order.
WORDS = ("text", "topic", "theme", "trigger", "name", "task", "quote", "concern", "value", "context", "details")


def overview(record: Record) -> list[Block]:
    """A table of the sessions."""
    if not record.sessions:
        return [Paragraph(none(record, "sessions"), "empty")]
    rows = [
        [
            one.title,
            moment(one.held_at),
            label_of(Modality, one.modality),
            length(one.duration_seconds),
            record.name_of(one.therapist) or NOTHING,
        ]
        for one in record.sessions
    ]
    head = ["Session", "When", "How", "Length", "With"]
    return [table_of("", head, rows, [18, 38, 12, 13, 19])]


def session_section(record: Record, session: Session) -> Section:
    """All of a session but its note."""
    facts = filled(
        [
            ("When", moment(session.held_at)),
            ("How", label_of(Modality, session.modality)),
            ("Kind", label_of(SessionKind, session.kind)),
            ("With", record.name_of(session.therapist)),
            ("Length", length(session.duration_seconds) if session.duration_seconds else ""),
            ("Transcript and draft", NOT_THERE.get(session.status, "")),
        ]
    )
    summary = [_summary(record, session.summary)] if session.summary else []
    drafts = [_draft(one) for one in session.drafts]
    talk = [_transcript(session.transcript)] if session.transcript else []
    title = f"{session.title}, {dates.day(session.held_at)}"
    return Section(title, [Facts(facts)], [*summary, *drafts, *talk], f"session-{session.id}")


def summaries(record: Record) -> list[Section]:
    """The texts for the patient, below their sessions' titles."""
    return [
        Section(f"{one.title}, {dates.day(one.held_at)}", _summary(record, one.summary).blocks)
        for one in record.sessions
        if one.summary
    ]


def _summary(record: Record, summary: Summary) -> Section:
    status = UNREVIEWED if summary.status == SummaryStatus.DRAFT else label_of(SummaryStatus, summary.status)
    since = summary.approved_at or summary.withdrawn_at
    told = [f"{status} {moment(since)}" if since else status]
    told += [f"edited{by(record, summary.changed_by)}"] if summary.is_edited else []
    return Section("Summary for the patient", [Paragraph(summary.text), Paragraph("; ".join(told), "soft")])


def _draft(draft: Draft) -> Section:
    notice = QUALITY_NOTICES.get(draft.quality, "")
    told = f"Made {moment(draft.made_at)} by {_drafter(draft)}. Not part of a note unless a person took it over."
    held = [(name, item) for name, item in _statements(draft.notes) if _shown(item)]
    kept = [(name, item) for name, item in held if _may_leave(item, draft)]
    rows = [[LABELS.get(name, label_of((), name)), _shown(item), _decided(item, draft)] for name, item in kept]
    blocks: list[Block] = [Paragraph(told, "soft"), *([Paragraph(notice, "soft")] if notice else [])]
    if rows:
        blocks.append(table_of("", ["About", "Statement", "State"], rows, [24, 58, 18]))
        blocks.append(Paragraph(STATES, "soft"))
    if len(held) > len(kept):
        blocks.append(Paragraph(f"{many(len(held) - len(kept), 'statement')} {UNCHECKED}", "soft"))
    return Section(f"Draft by software, version {draft.version}", blocks)


def _drafter(draft: Draft) -> str:
    if draft.engine == BUILT_IN:
        return "rules of this product, without an AI model"
    return ", ".join(filter(None, (draft.engine, draft.model)))


def _statements(value: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Whatever in a draft has an id, with the name of what it is in."""
    if isinstance(value, list):
        for one in value:
            yield from _statements(one, name)
    elif isinstance(value, dict):
        if "id" in value and _shown(value):
            yield name, value
            return
        for key, held in value.items():
            yield from _statements(held, name or key)


def _shown(item: dict[str, Any]) -> str:
    return " · ".join(str(item[name]) for name in WORDS if item.get(name))


def _may_leave(item: dict[str, Any], draft: Draft) -> bool:
    """Whether a statement is supported by the transcript, or a therapist kept it."""
    decision = draft.decisions.get(str(item["id"]))
    return decision == StatementDecision.KEPT if decision else item.get("state") != "check"


def _decided(item: dict[str, Any], draft: Draft) -> str:
    decision = draft.decisions.get(str(item["id"]))
    return label_of(StatementDecision, decision) if decision else label_of((), str(item.get("state") or ""))


def _transcript(transcript: Transcript) -> Section:
    facts = filled(
        [
            ("Source", _source(transcript)),
            ("Language", language_name(transcript.language)),
            ("Speakers told apart by", label_of(SpeakerSource, transcript.speaker_source)),
            ("How far to trust it", QUALITY_NOTICES.get(transcript.quality, transcript.quality)),
            ("Warnings", "\n".join(str(one) for one in transcript.warnings)),
        ]
    )
    lines = [Line(clock(one.start), SPEAKERS.get(one.speaker, one.speaker), one.text) for one in transcript.lines]
    said: list[Block] = [Talk(lines)] if lines else [Paragraph("Nothing was said.", "empty")]
    return Section("Transcript", [Facts(facts), *said])


def _source(transcript: Transcript) -> str:
    if transcript.engine == UPLOADED:
        return f"A file that was uploaded ({transcript.model.upper()})" if transcript.model else "A file"
    return f"Made by software ({f'{transcript.engine} {transcript.model}'.strip()})"


def action_items(record: Record) -> list[Block]:
    """What was agreed."""
    if not record.action_items:
        return [Paragraph(none(record, "agreed steps"), "empty")]
    titles = {one.id: one.title for one in record.sessions}
    rows = [
        [
            "\n".join(filter(None, (one.task, one.details))),
            label_of(Assignee, one.assigned_to),
            "\n".join(filter(None, (label_of(ItemStatus, one.status), one.reason))),
            titles.get(one.session, NOTHING),
        ]
        for one in record.action_items
    ]
    return [table_of("", ["Step", "Who", "Status", "Session"], rows, [44, 12, 26, 18])]
