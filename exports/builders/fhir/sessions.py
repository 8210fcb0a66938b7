"""Sessions, and what was said, agreed and watched in them."""

import json
from collections.abc import Iterator

from exports.builders.fhir.codes import CLASSES, PSYCHOTHERAPY_LAW, PSYCHOTHERAPY_NOTE, TERMS, UCUM, Json, concept, ours
from exports.builders.fhir.documents import Document, document
from exports.builders.fhir.parts import moment, note, patient, reference, resource, staff
from exports.records.record import Record
from exports.records.sessions import ActionItem, Closing, Draft, PrivateNote, RiskReview, Session, Summary, Transcript

TASK_STATES = {
    "assigned": "requested",
    "in_progress": "in-progress",
    "completed": "completed",
    "abandoned": "cancelled",
}


def sessions(record: Record) -> Iterator[Json]:
    """Encounters with their documents, tasks and flags."""
    for one in record.sessions:
        yield _encounter(record, one)
        if one.transcript:
            yield from _transcript(record, one, one.transcript)
        if one.summary:
            yield from _summary(record, one, one.summary)
        for draft in one.drafts:
            yield from _draft(record, one, draft)
    for private in record.private_notes:
        yield from _private_note(record, private)
    yield from (_task(record, one) for one in record.action_items)
    yield from (_flag(record, one) for one in record.risk_reviews)


def _encounter(record: Record, one: Session) -> Json:
    is_past = one.held_at <= record.about.made_at
    seconds = one.duration_seconds
    told = (one.title, [("Held", moment(one.held_at)), ("How", one.modality), ("Kind", one.kind)])
    return resource(
        "Encounter",
        one.id,
        record,
        told,
        status="finished" if is_past else "planned",
        **{"class": CLASSES.get(one.modality, CLASSES["in_person"])},
        type=[ours("session-kind", one.kind), ours("session-modality", one.modality)],
        subject=patient(record),
        participant=[{"individual": staff(record, one.therapist)}],
        period={"start": moment(one.held_at)},
        length={"value": seconds, "unit": "s", "system": UCUM, "code": "s"} if seconds else None,
        serviceProvider=reference("Organization", record.practice.id, record.practice.name),
    )


def _transcript(record: Record, session: Session, one: Transcript) -> list[Json]:
    text = "\n".join(f"{line.speaker}: {line.text}" for line in one.lines)
    return document(
        record,
        Document(
            id=one.id,
            kind="transcript",
            title=f"Transcript of {session.title}",
            text=text,
            at=session.held_at,
            lines=[("Engine", one.engine), ("Quality", one.quality), ("Lines", len(one.lines))],
            session=session.id,
            is_final=False,
        ),
    )


def _summary(record: Record, session: Session, one: Summary) -> list[Json]:
    return document(
        record,
        Document(
            id=one.id,
            kind="summary",
            title=f"Summary of {session.title} for the patient",
            text=one.text,
            at=one.approved_at or session.held_at,
            lines=[("Status", one.status)],
            author=staff(record, one.changed_by),
            session=session.id,
            is_final=one.status == "shared",
        ),
    )


def _draft(record: Record, session: Session, one: Draft) -> list[Json]:
    return document(
        record,
        Document(
            id=one.id,
            kind="draft",
            title=f"Draft of a note on {session.title}, made by an engine",
            text=json.dumps({"notes": one.notes, "decisions": one.decisions}, ensure_ascii=False, sort_keys=True),
            at=one.made_at,
            lines=[("Engine", one.engine), ("Quality", one.quality)],
            session=session.id,
            is_final=False,
            media="application/json",
        ),
    )


def _private_note(record: Record, one: PrivateNote) -> list[Json]:
    return document(
        record,
        Document(
            id=one.id,
            kind="psychotherapy_note",
            title="Psychotherapy note (45 CFR 164.501)",
            text=one.text,
            at=one.written_at,
            author=staff(record, one.author),
            session=one.session,
            labels=[PSYCHOTHERAPY_NOTE, PSYCHOTHERAPY_LAW],
            is_exposing=True,
        ),
    )


def _task(record: Record, one: ActionItem) -> Json:
    owner = patient(record) if one.assigned_to == "patient" else {"display": one.assigned_to}
    return resource(
        "Task",
        one.id,
        record,
        (one.task, [("Details", one.details), ("Status", one.status), ("Reason", one.reason)]),
        status=TASK_STATES.get(one.status, "requested"),
        statusReason={"text": one.reason} if one.reason else None,
        businessStatus=ours("action-item-status", one.status),
        intent="plan",
        description=one.task,
        encounter=reference("Encounter", one.session),
        owner=owner,
        lastModified=moment(one.closed_at),
        note=[note(one.details), *(_closed(record, each) for each in one.closings)],
        **{"for": patient(record)},
    )


def _closed(record: Record, one: Closing) -> Json | None:
    """That it was closed before it was opened again."""
    words = f"{one.status}: {one.reason}" if one.reason else one.status
    return note(words, by=staff(record, one.closed_by), at=one.closed_at)


def _flag(record: Record, one: RiskReview) -> Json:
    is_open = one.disposed_at is None
    text = f"Review of possible risk: {one.disposition.replace('_', ' ') or one.status}"
    told = (text, [("Opened", moment(one.opened_at)), ("Reason", one.reason), ("Decided", moment(one.disposed_at))])
    told[1].extend((step.kind.replace("_", " "), moment(step.happened_at)) for step in one.history)
    return resource(
        "Flag",
        one.id,
        record,
        told,
        status="active" if is_open else "inactive",
        category=[concept(TERMS + "flag-category", "safety", "Safety")],
        code={**ours("risk-review", one.disposition or one.status), "text": text},
        subject=patient(record),
        period={"start": moment(one.opened_at), "end": moment(one.disposed_at)},
        encounter=reference("Encounter", one.session),
        author=staff(record, one.owner),
    )
