"""The record as a Bundle of FHIR R4 (4.0.1).

A collection and no document: a document would need a Composition that somebody attests, and nobody attests an export.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from exports.builders.fhir.codes import REDACTED, URI, Json
from exports.builders.fhir.measures import measures
from exports.builders.fhir.notes import notes
from exports.builders.fhir.origins import origins
from exports.builders.fhir.parts import derived, moment, pruned, resolved, resource, security, urn
from exports.builders.fhir.people import people
from exports.builders.fhir.sessions import sessions
from exports.builders.fhir.story import story
from exports.builders.fhir.treatment import treatment
from exports.builders.limits import each_in_time
from exports.builders.notices import PART_2
from exports.records.record import Record

__all__ = ["build", "bundle"]


def build(record: Record, file: BinaryIO) -> None:
    """Write the bundle as UTF-8 JSON."""
    file.write(json.dumps(bundle(record), ensure_ascii=False, indent=1).encode())


def bundle(record: Record) -> dict[str, Any]:
    """The bundle. Every reference in it leads to a resource in it; what is not there is named by its identifier."""
    kept = [pruned(one) for one in each_in_time(_resources(record))]
    known = {urn(one["id"]) for one in kept}
    id = derived(record.patient.id, "bundle", record.about.kind, record.about.made_at)
    labels = [*security(record), *([REDACTED] if record.withheld else [])]
    return {
        "resourceType": "Bundle",
        "id": str(id),
        "meta": {"security": labels},
        "identifier": {"system": URI, "value": urn(id)},
        "type": "collection",
        "timestamp": moment(record.about.made_at),
        "entry": [{"fullUrl": urn(one["id"]), "resource": resolved(one, known)} for one in kept],
    }


def _resources(record: Record) -> Iterator[Json]:
    held: set[str] = set()
    for part in (people, origins, sessions, notes, treatment, measures):
        for one in part(record):
            held.add(one["id"])
            yield one
    yield from story(record, held)
    yield from _outcome(record)


def _outcome(record: Record) -> Iterator[Json]:
    """What the reader must know: the law that limits redisclosure, and what is withheld (issue type `suppressed`)."""
    issues = [_issue("informational", PART_2)] if record.about.is_part_2 else []
    for one in record.withheld:
        words = f"Withheld: {one.what}, {one.count}. {one.exception}: {one.reason}"
        issues.append(_issue("suppressed", words))
    if issues:
        told = ("About this export", [("Note", one["details"]["text"]) for one in issues])
        yield resource("OperationOutcome", derived(record.patient.id, "outcome"), record, told, issue=issues)


def _issue(code: str, words: str) -> Json:
    return {"severity": "information", "code": code, "details": {"text": words}}
