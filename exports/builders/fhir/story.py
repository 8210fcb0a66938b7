"""What else is known of the patient: events of the timeline, texts of the profile, and what was consented to."""

from base64 import b64encode
from collections.abc import Iterator

from exports.builders.fhir.codes import CONSENT_SCOPES, CONSENT_STATES, OURS, PRIVACY, Json, coding, ours
from exports.builders.fhir.documents import Document, document
from exports.builders.fhir.parts import derived, moment, note, patient, reference, resource, staff
from exports.records.people import AccessRequest, Consent, Disclosure
from exports.records.record import Record
from exports.records.timeline import Event

PROFILE = (
    ("medical_history", "Medical history"),
    ("medication", "Medication"),
    ("safety_plan", "Safety plan"),
    ("next_step", "Next step"),
)


def story(record: Record, held: set[str]) -> Iterator[Json]:
    """`held` are the ids of the resources that are there already: an event that is derived from one adds nothing."""
    for name, title in PROFILE:
        if text := getattr(record.patient, name):
            yield from document(record, _profile(record, name, title, text))
    yield from (_event(record, one) for one in record.events if str(one.source) not in held)
    yield from (_consent(record, one) for one in record.consents)
    for disclosure in record.disclosures:
        yield from document(record, _disclosure(record, disclosure))
    for request in record.access_requests:
        yield from document(record, _request(record, request))


def _profile(record: Record, name: str, title: str, text: str) -> Document:
    """Nobody dated it: it is what stands in the profile at the time of the export."""
    return Document(
        id=derived(record.patient.id, name), kind=name, title=title, text=text, at=record.about.made_at, is_final=False
    )


def _event(record: Record, one: Event) -> Json:
    kind = coding(f"{OURS}code:event-type", one.kind, one.label)
    subtype = [coding(f"{OURS}code:event-subtype", one.subtype)] if one.subtype else []
    return resource(
        "Observation",
        one.id,
        record,
        (one.title, [("Kind", one.label), ("When", moment(one.day or one.happened_at)), ("What", one.description)]),
        very_restricted=one.is_private,
        status="final",
        category=[ours("observation-category", "timeline", "Event of the timeline")],
        code={"coding": [kind, *subtype], "text": one.label},
        subject=patient(record),
        effectiveDateTime=moment(one.day or one.happened_at),
        performer=[staff(record, one.therapist)],
        valueString=one.title,
        note=[note(one.description), *(note(f"{name}: {value}") for name, value in one.metadata.items())],
    )


def _consent(record: Record, one: Consent) -> Json:
    told = (f"Consent: {one.kind.replace('_', ' ')}", _consent_lines(record, one))
    is_by_patient = one.signer_role == "patient"
    text = one.text.encode("utf-8", "replace")
    attachment = {"contentType": "text/plain; charset=utf-8", "data": b64encode(text).decode(), "title": told[0]}
    return resource(
        "Consent",
        one.id,
        record,
        told,
        status=CONSENT_STATES.get(one.status, "inactive"),
        scope={"coding": [CONSENT_SCOPES.get(one.kind, PRIVACY)]},
        category=[ours("consent-type", one.kind)],
        patient=patient(record),
        dateTime=moment(one.signed_at),
        performer=[patient(record) if is_by_patient else {"display": one.signer_name or one.signer_role}],
        organization=[reference("Organization", record.practice.id, record.practice.name)],
        sourceAttachment=attachment if text else None,
        policyRule=ours("consent-text", f"{one.kind}-{one.version}", f"Version {one.version} of the text"),
        provision={
            "type": "permit" if one.status == "granted" else "deny",
            "period": {"start": moment(one.signed_at), "end": moment(one.expires_at)},
        },
    )


def _consent_lines(record: Record, one: Consent) -> list[tuple[str, object]]:
    return [
        ("Decision", one.status),
        ("Given", moment(one.signed_at)),
        ("How", one.method),
        ("By", one.signer_name or one.signer_role),
        ("Witness", one.witness_name),
        ("Recorded by", record.name_of(one.recorded_by)),
        ("Until", moment(one.expires_at)),
    ]


def _disclosure(record: Record, one: Disclosure) -> Document:
    said = [("To", one.recipient), ("What", one.what), ("Why", one.why), ("Basis", one.basis)]
    return Document(
        id=one.id,
        kind="disclosure",
        title="Disclosure (45 CFR 164.528)",
        text="\n".join(f"{label}: {words}" for label, words in said if words) + "\n",
        at=one.disclosed_at,
        author=staff(record, one.recorded_by),
    )


def _request(record: Record, one: AccessRequest) -> Document:
    said = [("Asked for", one.kind), ("In the patient's words", one.details), ("Answer", one.answer)]
    return Document(
        id=one.id,
        kind="access_request",
        title="Request of the patient about the record",
        text="\n".join(f"{label}: {words}" for label, words in said if words) + "\n",
        at=one.made_at,
        lines=[("Status", one.status), ("Due", moment(one.due_at)), ("Answered by", record.name_of(one.handled_by))],
        author=patient(record),
    )
