"""Who the record is about, and who wrote it."""

from collections.abc import Iterator
from uuid import UUID

from exports.builders.fhir.codes import OURS, TERMS, Json, concept, ours
from exports.builders.fhir.parts import derived, moment, patient, reference, resource, staff
from exports.records.people import Person, Relation
from exports.records.record import Record

PRONOUNS = "http://hl7.org/fhir/StructureDefinition/individual-pronouns"


def people(record: Record) -> Iterator[Json]:
    """The patient, the practice, the staff, and whom to call in an emergency."""
    yield _patient(record)
    yield _practice(record)
    for person in record.staff:
        yield _practitioner(record, person)
        yield _role(record, person)
    if record.patient.emergency_contact:
        yield _emergency_contact(record)
    if record.relations:
        yield _team(record)


def _patient(record: Record) -> Json:
    one = record.patient
    told = (one.name, [("Born", one.date_of_birth), ("Pronouns", one.pronouns)])
    return resource(
        "Patient",
        one.id,
        record,
        told,
        extension=[_pronouns(one.pronouns)] if one.pronouns else [],
        identifier=[_identifier("patient", one.id)],
        name=[_name(one.name, one.last_name, one.first_name)],
        telecom=[{"system": "phone", "value": one.phone}, {"system": "email", "value": one.email}],
        birthDate=moment(one.date_of_birth),
        address=[{"text": one.address}],
        generalPractitioner=[staff(record, it.therapist) for it in record.relations if it.is_active],
        managingOrganization=reference("Organization", record.practice.id, record.practice.name),
    )


def _pronouns(words: str) -> Json:
    return {"url": PRONOUNS, "extension": [{"url": "value", "valueCodeableConcept": {"text": words}}]}


def _practice(record: Record) -> Json:
    one = record.practice
    told = (one.name, [("Jurisdiction", one.jurisdiction)])
    return resource("Organization", one.id, record, told, identifier=[_identifier("clinic", one.id)], name=one.name)


def _practitioner(record: Record, one: Person) -> Json:
    told = (one.name, [("Role", one.role)])
    return resource(
        "Practitioner",
        one.id,
        record,
        told,
        identifier=[_identifier("staff", one.id)],
        name=[_name(one.name, one.last_name, one.first_name)],
    )


def _role(record: Record, one: Person) -> Json:
    told = (f"{one.name} at {record.practice.name}", [("Role", one.role)])
    return resource(
        "PractitionerRole",
        derived(one.id, "role"),
        record,
        told,
        practitioner=staff(record, one.id),
        organization=reference("Organization", record.practice.id, record.practice.name),
        code=[ours("role", one.role)] if one.role else [],
    )


def _emergency_contact(record: Record) -> Json:
    """The contact is one text, so that the name is all that is said of it."""
    words = record.patient.emergency_contact
    return resource(
        "RelatedPerson",
        derived(record.patient.id, "emergency contact"),
        record,
        ("Emergency contact", [("Contact", words)]),
        patient=patient(record),
        relationship=[concept(TERMS + "v2-0131", "C", "Emergency Contact")],
        name=[{"text": words}],
    )


def _team(record: Record) -> Json:
    names = ", ".join(filter(None, (record.name_of(one.therapist) for one in record.relations)))
    return resource(
        "CareTeam",
        derived(record.patient.id, "care team"),
        record,
        (f"Who treats {record.patient.name}", [("Staff", names)]),
        subject=patient(record),
        participant=[_member(record, one) for one in record.relations],
        managingOrganization=[reference("Organization", record.practice.id, record.practice.name)],
    )


def _member(record: Record, one: Relation) -> Json:
    return {
        "role": [ours("care-relation", one.kind)],
        "member": staff(record, one.therapist),
        "period": {"start": moment(one.started_at), "end": moment(one.ended_at)},
    }


def _name(text: str, family: str, given: str) -> Json:
    return {"text": text, "family": family, "given": [given]}


def _identifier(kind: str, id: UUID) -> Json:
    return {"system": f"{OURS}id:{kind}", "value": str(id)}
