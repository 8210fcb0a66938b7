"""Texts as documents: a DocumentReference that describes one, and a Binary that holds it."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from exports.builders.fhir.codes import OURS, PROGRESS_NOTE, Json, coding
from exports.builders.fhir.parts import Lines, derived, moment, patient, reference, resource, security, urn
from exports.records.record import Record


@dataclass(frozen=True, kw_only=True)
class Document:
    """A text. `kind` is a code of our own; `is_final`: somebody answers for it; `adds_to`: the one that it is below."""

    id: UUID
    kind: str
    title: str
    text: str
    at: datetime
    lines: Lines = ()
    author: Json | None = None
    authenticator: Json | None = None
    session: UUID | None = None
    related: Sequence[Json | None] = ()
    is_final: bool = True
    is_replaced: bool = False
    adds_to: UUID | None = None
    labels: Sequence[Json] = ()
    is_exposing: bool = False
    media: str = "text/plain; charset=utf-8"
    data: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", self.text.encode("utf-8", "replace"))


def document(record: Record, one: Document) -> list[Json]:
    """Both resources."""
    return [_described(record, one), _held(record, one)]


def _described(record: Record, one: Document) -> Json:
    encounter = reference("Encounter", one.session)
    return resource(
        "DocumentReference",
        one.id,
        record,
        (one.title, [("Written", moment(one.at)), *one.lines]),
        labels=one.labels,
        very_restricted=one.is_exposing,
        status="superseded" if one.is_replaced else "current",
        docStatus="final" if one.is_final else "preliminary",
        type=_type(one),
        subject=patient(record),
        date=moment(one.at),
        author=[one.author],
        authenticator=one.authenticator,
        custodian=reference("Organization", record.practice.id, record.practice.name),
        relatesTo=[{"code": "appends", "target": reference("DocumentReference", one.adds_to)}] if one.adds_to else [],
        description=one.title,
        securityLabel=[{"coding": [label]} for label in security(record, *one.labels, is_exposing=one.is_exposing)],
        content=[{"attachment": _attachment(one)}],
        context={"encounter": [encounter], "related": list(one.related)},
    )


def _type(one: Document) -> Json:
    published = [PROGRESS_NOTE] if one.kind == "note" else []
    return {"coding": [*published, coding(f"{OURS}code:document-type", one.kind, one.kind.replace("_", " "))]}


def _attachment(one: Document) -> Json:
    """R4 wants SHA-1 as the hash of an attachment: against accidents, not against people."""
    digest = hashlib.sha1(one.data, usedforsecurity=False).digest()
    return {
        "contentType": one.media,
        "url": urn(derived(one.id, "binary")),
        "size": len(one.data),
        "hash": b64encode(digest).decode(),
        "title": one.title,
        "creation": moment(one.at),
    }


def _held(record: Record, one: Document) -> Json:
    return {
        "resourceType": "Binary",
        "id": str(derived(one.id, "binary")),
        "meta": {"security": security(record, *one.labels, is_exposing=one.is_exposing)},
        "contentType": one.media,
        "securityContext": reference("DocumentReference", one.id),
        "data": b64encode(one.data).decode(),
    }
