"""People of a record by hand."""

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from exports.records.people import AccessRequest, Consent, Disclosure, Patient, Person, Practice, Relation

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)


def an_id(*words: object) -> UUID:
    """An id that is the same in every run."""
    return uuid5(NAMESPACE_URL, "/".join(str(word) for word in words))


THERAPIST, SUPERVISOR, PATIENT, CLINIC = (an_id(word) for word in ("therapist", "supervisor", "patient", "clinic"))


def practice() -> Practice:
    return Practice(id=CLINIC, name="Harbour Practice", time_zone="America/New_York", jurisdiction="US-NY")


def patient() -> Patient:
    return Patient(
        id=PATIENT,
        first_name="Ada",
        last_name="Lindqvist",
        time_zone="America/New_York",
        email="ada@example.org",
        date_of_birth=date(1990, 5, 17),
        pronouns="she/her",
        phone="+1 212 555 0100",
        address="4 Quay Street\nNew York",
        emergency_contact="Noor Lindqvist, sister, +1 212 555 0101",
        medical_history="Asthma since childhood.",
        diagnosis="Generalised anxiety disorder",
        medication="Sertraline 50 mg",
        safety_plan="Call Noor, then 988.",
        next_step="Read the worksheet.",
        tags=["evening", "telehealth"],
    )


def staff() -> list[Person]:
    return [
        Person(id=THERAPIST, name="Mara Vogel", role="therapist", first_name="Mara", last_name="Vogel"),
        Person(id=SUPERVISOR, name="Tom Weiss", role="therapist", first_name="Tom", last_name="Weiss"),
    ]


def relation() -> Relation:
    started = NOON - timedelta(days=200)
    return Relation(
        id=an_id("relation"), therapist=THERAPIST, kind="primary", is_active=True, started_at=started, ended_at=None
    )


def consent() -> Consent:
    return Consent(
        id=an_id("consent"),
        kind="treatment",
        status="granted",
        version="2",
        text="I agree to be treated.",
        method="written",
        signed_at=NOON - timedelta(days=200),
        signed_day=DAY - timedelta(days=200),
        signer_role="patient",
        signer_name="Ada Lindqvist",
        witness_name="Tom Weiss",
        recorded_by=THERAPIST,
        expires_at=NOON + timedelta(days=165),
    )


def disclosure() -> Disclosure:
    return Disclosure(
        id=an_id("disclosure"),
        disclosed_at=NOON - timedelta(days=20),
        disclosed_day=DAY - timedelta(days=20),
        basis="court",
        recipient="District Court",
        what="Dates of attendance",
        why="Subpoena 17/26",
        recorded_by=THERAPIST,
    )


def access_request() -> AccessRequest:
    return AccessRequest(
        id=an_id("access request"),
        kind="download",
        status="fulfilled",
        made_at=NOON - timedelta(days=40),
        due_at=NOON - timedelta(days=10),
        details="A copy of my notes, please.",
        answer="Handed over.",
        handled_by=THERAPIST,
        closed_at=NOON - timedelta(days=30),
    )
