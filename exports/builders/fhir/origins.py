"""Where the record was before, as Provenance of the patient."""

from collections.abc import Iterator

from exports.builders.fhir.codes import OURS, Json, ours
from exports.builders.fhir.parts import moment, patient, reference, resource
from exports.records.record import Origin, Record

FILES = f"{OURS}id:file-sha256"


def origins(record: Record) -> Iterator[Json]:
    """One for each export of another practice from which the record was imported, the earliest first."""
    return (_origin(record, one) for one in record.origins)


def practice_of(one: Origin) -> Json | None:
    """The practice, which is in no bundle: a reference to it becomes its identifier."""
    return reference("Organization", one.practice, one.practice_name)


def _origin(record: Record, one: Origin) -> Json:
    missing = [(f"Left out there: {each.what}", f"{each.count}. {each.reason}") for each in one.left_out]
    lines = [
        ("Exported", f"{moment(one.exported_at)} by {one.exported_by}"),
        ("Imported by", one.imported_by),
        *missing,
    ]
    return resource(
        "Provenance",
        one.id,
        record,
        (f"Imported from {one.practice_name}", lines),
        target=[patient(record)],
        occurredDateTime=moment(one.imported_at),
        recorded=moment(one.imported_at),
        activity=ours("activity", "import"),
        agent=[{"type": ours("agent", "source"), "who": practice_of(one)}],
        entity=[
            {
                "role": "source",
                "what": {
                    "identifier": {"system": FILES, "value": one.sha256},
                    "display": f"Export of {one.practice_name}",
                },
            }
        ],
    )
