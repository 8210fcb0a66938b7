"""A note with all that belongs to it: what was signed, by whom, what was added, and what the patient wanted changed."""

from datetime import datetime

from exports.builders.outline.blocks import Block, Fact, Facts, Fields, Notice, Paragraph, Seal, Section, Signatures
from exports.builders.outline.words import by, day, filled, imported, label_of, moment, where
from exports.records.record import Record
from exports.records.sessions import Addendum, ArchiveStep, Correction, Note, PrivateNote, Session, Withholding
from sessions_app.notes.choices import (
    AddendumKind,
    AmendmentStatus,
    ArchiveMove,
    DenialGround,
    NoteStatus,
    SignatureRole,
    WithholdingException,
)
from therapybridge.core import dates

DRAFT = "Draft – not signed"  # noqa: RUF001 (a dash)
SIGNED_AS = {SignatureRole.AUTHOR.value: "Signed", SignatureRole.SUPERVISOR.value: "Co-signed as supervisor"}
PRIVATE = (
    "These notes are kept apart from the record (45 CFR 164.501). They were released by an authorisation of their own "
    "(45 CFR 164.508(a)(2))."
)


def note_sections(record: Record, notes: list[Note]) -> list[Section]:
    """The notes, each below its session's title."""
    sessions = {one.id: one for one in record.sessions}
    return [note_section(record, note, sessions.get(note.session)) for note in notes]


def note_section(record: Record, note: Note, session: Session | None) -> Section:
    """One note."""
    above = f"{session.title}, {dates.day(session.held_at)}: " if session else ""
    blocks: list[Block] = [Facts(_facts(record, note, session)), *_content(record, note), _signatures(record, note)]
    title = f"{above}{note.template.name}"
    return Section(
        title, blocks, [*_addenda(record, note), *_corrections(record, note)], f"note-{note.id}", not note.is_signed
    )


def private_notes(record: Record) -> list[Section]:
    """Psychotherapy notes, if they were authorised to leave; no section otherwise."""
    if not record.private_notes:
        return []
    blocks: list[Block] = [Notice("Psychotherapy notes", [PRIVATE], "law")]
    return [Section("Private notes", blocks, [_private(record, one) for one in record.private_notes], "private-notes")]


def _private(record: Record, note: PrivateNote) -> Section:
    blocks: list[Block] = [
        Paragraph(f"Written {moment(note.written_at)}{by(record, note.author)}", "soft"),
        Paragraph(note.text),
    ]
    return Section(f"Private note of {dates.day(note.written_at)}", blocks)


def _facts(record: Record, note: Note, session: Session | None) -> list[Fact]:
    goals = {goal.id: goal.wording for goal in record.treatment.goals}
    return filled(
        [
            ("Session", moment(session.held_at) if session else ""),
            ("Author", record.name_of(note.author)),
            ("Imported", imported(record.origin_of(note.made_at))),
            ("Status", _status(note)),
            ("Last changed", moment(note.saved_at) if not note.is_signed else ""),
            ("Template", f"{note.template.name}, version {note.template.number}"),
            ("How it was written", "AI-assisted: prefilled from a draft by software" if note.is_ai_assisted else ""),
            ("Goals", "\n".join(goals[one] for one in note.goals if one in goals)),
            ("Without a goal", note.without_goal),
            ("Withheld from the patient", "\n".join(_withholding(record, one) for one in note.withholdings)),
            ("Archive", "\n".join(_archive_step(one) for one in note.archive_steps)),
        ]
    )


def _withholding(record: Record, one: Withholding) -> str:
    ended = f"released {moment(one.released_at)}{by(record, one.released_by)}" if one.released_at else ""
    until = ended or f"to be reviewed by {day(one.review_date)}"
    since = f"{moment(one.withheld_at)}{by(record, one.withheld_by)}"
    return f"{label_of(WithholdingException, one.exception)}. {one.reason}\nSince {since}, {until}"


def _archive_step(one: ArchiveStep) -> str:
    who = f" by {one.moved_by_name}" if one.moved_by_name else ""
    return f"{label_of(ArchiveMove, one.move)} {moment(one.moved_at)}{who}: {one.reason}"


def _status(note: Note) -> str:
    if not note.is_signed:
        return DRAFT
    label = label_of(NoteStatus, note.status)
    return f"{label} {moment(note.archived_at)}" if note.archived_at else label


def _content(record: Record, note: Note) -> list[Block]:
    blocks: list[Block] = []
    empty = []
    for section in note.sections:
        written = [one for one in section.fields if one.text]
        empty += [one.label for one in section.fields if not one.text]
        if not written:
            continue
        if [one.label for one in written] != [section.title]:
            blocks.append(Paragraph(section.title, "strong"))
        blocks.append(Fields([(one.label, one.text) for one in written]))
    if empty and record.about.layout.shows_empty_fields:
        blocks.append(Paragraph(f"Not filled in: {', '.join(empty)}", "empty"))
    return blocks or [Paragraph("Nothing was written in this note.", "empty")]


def _signatures(record: Record, note: Note) -> Signatures:
    if not note.signatures:
        return Signatures([], DRAFT)
    seals = [
        _seal(record, SIGNED_AS.get(one.role, "Signed"), one.signer_name, one.signed_at, one.content_hash)
        for one in note.signatures
    ]
    if note.is_intact:
        return Signatures(seals, "Intact: the note is what was signed.")
    return Signatures(seals, "Not intact: the note is not what was signed.", is_alarming=True)


def _seal(record: Record, signed: str, name: str, at: datetime, content_hash: str) -> Seal:
    return Seal(f"{signed} by {name}{where(record, at)}, {moment(at)}", content_hash)


def _addenda(record: Record, note: Note) -> list[Section]:
    return [_addendum(record, one) for one in note.addenda]


def _addendum(record: Record, one: Addendum) -> Section:
    seal = _seal(record, "Signed", one.author_name, one.signed_at, one.content_hash)
    blocks: list[Block] = [Facts([("Reason", one.reason)]), Paragraph(one.text), Signatures([seal], "")]
    return Section(f"{label_of(AddendumKind, one.kind)}, {dates.day(one.signed_at)}", blocks)


def _corrections(record: Record, note: Note) -> list[Section]:
    return [_correction(record, one) for one in note.corrections]


def _correction(record: Record, one: Correction) -> Section:
    answered = f"{label_of(AmendmentStatus, one.status)} {moment(one.answered_at)}{by(record, one.answered_by)}"
    rows = filled(
        [
            ("Asked for", f"{one.text}\n{moment(one.made_at)}, to be answered by {day(one.due_date)}"),
            ("Answer put off", f"{one.extension_reason or ''}\n{moment(one.extended_at)}" if one.extended_at else ""),
            ("Answer", answered if one.answered_at else "Not answered yet"),
            ("Ground", label_of(DenialGround, one.ground) if one.ground else ""),
            ("In words", one.answer),
            ("The patient disagrees", f"{one.statement}\n{moment(one.statement_at)}" if one.statement else ""),
        ]
    )
    return Section(f"Correction asked for on {dates.day(one.made_at)}", [Facts(rows)])
