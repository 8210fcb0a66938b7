"""Who the patient is, who treats them, what they agreed to, and to whom the record went."""

from accounts.care.choices import RelationType
from accounts.consent.choices import ConsentMethod, ConsentStatus, ConsentType, SignerRole
from accounts.rights.choices import AccessRequestKind, AccessRequestStatus, Basis
from exports.builders.outline.blocks import NOTHING, Block, Facts, Paragraph, Section, table_of
from exports.builders.outline.words import by, day, filled, label_of, moment
from exports.records.people import Consent
from exports.records.record import Record


def contact(record: Record) -> list[Block]:
    """How to reach the patient."""
    patient = record.patient
    rows = filled(
        [
            ("E-mail", patient.email),
            ("Phone", patient.phone),
            ("Address", patient.address),
            ("Emergency contact", patient.emergency_contact),
            ("Time zone", patient.time_zone),
            ("Tags", ", ".join(patient.tags)),
        ]
    )
    return [Facts(rows)] if rows else [Paragraph("Nothing is recorded.", "empty")]


def health(record: Record) -> list[Block]:
    """What is known of the patient's health."""
    patient = record.patient
    rows = filled(
        [
            ("Diagnosis", patient.diagnosis),
            ("Medical history", patient.medical_history),
            ("Medication", patient.medication),
            ("Safety plan", patient.safety_plan),
            ("Next step", patient.next_step),
        ]
    )
    return [Facts(rows)] if rows else [Paragraph("Nothing is recorded.", "empty")]


def relations(record: Record) -> list[Block]:
    """Who treats or treated the patient."""
    if not record.relations:
        return [Paragraph("No therapist is on record.", "empty")]
    rows = [
        [
            record.name_of(one.therapist) or NOTHING,
            label_of(RelationType, one.kind),
            day(one.started_at),
            day(one.ended_at) if one.ended_at else "Ongoing",
        ]
        for one in record.relations
    ]
    return [table_of("", ["Name", "Role", "Since", "Until"], rows, [40, 20, 20, 20])]


def consents(record: Record) -> list[Section]:
    """The consent log, entry by entry, with the words that were agreed to."""
    return [_consent(record, one) for one in record.consents]


def _consent(record: Record, one: Consent) -> Section:
    role = label_of(SignerRole, one.signer_role).lower()
    signer = f"{one.signer_name} ({role})" if one.signer_name else role
    how = f"{label_of(ConsentMethod, one.method)}, by {signer}"
    rows = filled(
        [
            ("Decision", f"{label_of(ConsentStatus, one.status)}, {moment(one.signed_at)}"),
            ("How", how),
            ("Witness", one.witness_name),
            ("Recorded by", record.name_of(one.recorded_by)),
            ("Ends", moment(one.expires_at) if one.expires_at else ""),
            ("Version", one.version),
            ("Consent text", one.text),
        ]
    )
    return Section(f"{label_of(ConsentType, one.kind)}, {day(one.signed_at)}", [Facts(rows)])


def disclosures(record: Record) -> list[Block]:
    """The accounting of disclosures (45 CFR 164.528)."""
    if not record.disclosures:
        return [Paragraph("No disclosure is on record.", "empty")]
    rows = [
        [
            day(one.disclosed_day or one.disclosed_at),
            one.recipient,
            one.what,
            "\n".join(filter(None, (label_of(Basis, one.basis), one.why))),
        ]
        for one in record.disclosures
    ]
    return [table_of("", ["Day", "To", "What", "Basis"], rows, [16, 26, 30, 28])]


def access_requests(record: Record) -> list[Block]:
    """What the patient asked for as a right."""
    if not record.access_requests:
        return [Paragraph("No request is on record.", "empty")]
    rows = []
    for one in record.access_requests:
        asked = "\n".join(filter(None, (label_of(AccessRequestKind, one.kind), one.details)))
        answered = f"{label_of(AccessRequestStatus, one.status)}{by(record, one.handled_by)}"
        closed = moment(one.closed_at) if one.closed_at else f"due {day(one.due_at)}"
        rows.append([day(one.made_at), asked, "\n".join(filter(None, (f"{answered}, {closed}", one.answer)))])
    return [table_of("", ["Day", "Asked for", "Answer"], rows, [16, 38, 46])]
