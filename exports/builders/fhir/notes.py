"""Notes with what was signed, added and contested."""

import json
from collections.abc import Iterator
from datetime import datetime

from exports.builders.fhir.codes import AUTHOR, OURS, SIGNATURES, VERIFIER, Json
from exports.builders.fhir.documents import Document, document
from exports.builders.fhir.origins import practice_of
from exports.builders.fhir.parts import derived, moment, patient, reference, references, resource, staff
from exports.records.record import Record
from exports.records.sessions import Addendum, Correction, Note, NoteVersion, Signature, Withholding

HASHES = f"{OURS}id:content-sha256"


def notes(record: Record) -> Iterator[Json]:
    """Documents of notes, addenda, corrections and earlier contents, and who signed them."""
    for one in record.notes:
        yield from document(record, _note(record, one))
        yield from (_signed(record, one, signature) for signature in one.signatures)
        for addendum in one.addenda:
            yield from document(record, _addendum(record, one, addendum))
            yield _signed_addendum(record, addendum)
        for correction in one.corrections:
            yield from document(record, _correction(record, one, correction))
        for version in one.versions:
            yield from document(record, _version(record, one, version))


def _note(record: Record, one: Note) -> Document:
    signers = [each.signer for each in one.signatures if each.role == "author"]
    return Document(
        id=one.id,
        kind="note",
        title=f"{one.template.name} note",
        text=text_of(one),
        at=one.signed_at or one.saved_at,
        lines=_about(one),
        author=staff(record, one.author),
        authenticator=staff(record, signers[0]) if signers else None,
        session=one.session,
        related=references("Goal", one.goals),
        is_final=one.is_signed,
    )


def text_of(note: Note) -> str:
    """The note as it is read."""
    parts = [f"{note.template.name} note"]
    for section in note.sections:
        parts.append(section.title)
        parts += [f"{one.label}: {one.text}" if one.label != section.title else one.text for one in section.fields]
    if note.without_goal:
        parts.append(f"Without a goal: {note.without_goal}")
    return "\n\n".join(parts) + "\n"


def _about(one: Note) -> list[tuple[str, object]]:
    signed = [f"{each.signer_name}, {each.role}, {moment(each.signed_at)}" for each in one.signatures]
    return [
        ("Status", one.status),
        ("Signed by", "; ".join(signed) or "nobody: this is a draft"),
        ("Content hash (SHA-256)", one.content_hash),
        ("Content", None if one.is_intact else "is no longer what was signed"),
        ("Drafted", "with the help of software" if one.is_ai_assisted else None),
        *(("Withheld from the patient", _withheld(each)) for each in one.withholdings),
        *((each.move.capitalize(), f"{moment(each.moved_at)}: {each.reason}") for each in one.archive_steps),
    ]


def _withheld(one: Withholding) -> str:
    until = moment(one.released_at) or "now"
    return f"{moment(one.withheld_at)} until {until}, {one.exception}: {one.reason}"


def _addendum(record: Record, note: Note, one: Addendum) -> Document:
    return Document(
        id=one.id,
        kind=one.kind,
        title=one.kind.replace("_", " ").capitalize(),
        text=f"{one.text}\n\nReason: {one.reason}\n" if one.reason else one.text,
        at=one.signed_at,
        lines=[("Signed by", one.author_name), ("Content hash (SHA-256)", one.content_hash)],
        author=staff(record, one.author),
        session=note.session,
        adds_to=note.id,
    )


def _correction(record: Record, note: Note, one: Correction) -> Document:
    said = [
        ("Wanted", one.text),
        ("Extended", one.extension_reason),
        ("Answer", one.answer),
        ("Ground", one.ground),
        ("Statement of disagreement", one.statement),
    ]
    return Document(
        id=one.id,
        kind="correction_request",
        title="Correction that the patient asked for (45 CFR 164.526)",
        text="\n\n".join(f"{label}: {words}" for label, words in said if words) + "\n",
        at=one.made_at,
        lines=[("Status", one.status), ("Answered by", record.name_of(one.answered_by))],
        author=patient(record),
        session=note.session,
        adds_to=note.id,
        related=[reference("DocumentReference", one.addendum)],
    )


def _version(record: Record, note: Note, one: NoteVersion) -> Document:
    return Document(
        id=one.id,
        kind="note_version",
        title=f"Earlier content {one.number} of a {note.template.name} note",
        text=json.dumps(one.content, ensure_ascii=False, sort_keys=True),
        at=one.made_at,
        lines=[("Cause", one.cause)],
        author=staff(record, one.made_by),
        session=note.session,
        related=[reference("DocumentReference", note.id)],
        is_final=False,
        is_replaced=True,
        media="application/json",
    )


def _signed(record: Record, note: Note, one: Signature) -> Json:
    who = staff(record, one.signer) or {"display": one.signer_name}
    who = {**who, "display": one.signer_name}
    told = (f"Signature of {one.signer_name}", [("Role", one.role), ("Signed", moment(one.signed_at))])
    return resource(
        "Provenance",
        one.id,
        record,
        (told[0], [*told[1], ("Content hash (SHA-256)", one.content_hash)]),
        target=[reference("DocumentReference", note.id)],
        occurredDateTime=moment(one.signed_at),
        recorded=moment(one.signed_at),
        agent=[{"type": AUTHOR if one.role == "author" else VERIFIER, "who": who, **_elsewhere(record, one.signed_at)}],
        entity=_hashed(one.content_hash),
        signature=[_signature(one.role, who, moment(one.signed_at))],
    )


def _signed_addendum(record: Record, one: Addendum) -> Json:
    who = {**(staff(record, one.author) or {}), "display": one.author_name}
    told = (f"Signature of {one.author_name}", [("Signed", moment(one.signed_at))])
    return resource(
        "Provenance",
        derived(one.id, "signature"),
        record,
        told,
        target=[reference("DocumentReference", one.id)],
        occurredDateTime=moment(one.signed_at),
        recorded=moment(one.signed_at),
        agent=[{"type": AUTHOR, "who": who, **_elsewhere(record, one.signed_at)}],
        entity=_hashed(one.content_hash),
        signature=[_signature("author", who, moment(one.signed_at))],
    )


def _elsewhere(record: Record, at: datetime) -> Json:
    """For which practice, if it was signed before the record was imported."""
    origin = record.origin_of(at)
    return {"onBehalfOf": practice_of(origin)} if origin else {}


def _signature(role: str, who: Json, when: str | None) -> Json:
    """That somebody signed. There is no cryptographic signature: the hash of what was signed is the entity's."""
    return {"type": [SIGNATURES.get(role, SIGNATURES["supervisor"])], "when": when, "who": who}


def _hashed(content_hash: str) -> list[Json]:
    if not content_hash:
        return []
    what = {"identifier": {"system": HASHES, "value": content_hash}, "display": "SHA-256 of the content"}
    return [{"role": "source", "what": what}]
