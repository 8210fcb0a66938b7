"""Who the record is about, who wrote it, and what the practice recorded about consent and rights."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from accounts.consent.services.requests import address_of
from accounts.models import PatientProfile, User
from exports.collect.rows import Rows
from exports.records.columns import ACCESS_REQUEST, CONSENT, DISCLOSURE, RELATION
from exports.records.people import Patient, Person, Practice

# Fields that name somebody of the staff, or the patient.
PEOPLE = frozenset(
    (
        *("therapist", "author", "signer", "by", "to", "owner", "recorded_by", "handled_by", "device_user"),
        *("changed_by", "decided_by", "answered_by", "made_by", "withheld_by", "released_by", "moved_by"),
        *("linked_by", "said_by", "closed_by", "acknowledged_by", "disposed_by", "reviewed_by", "rated_by"),
        *("added_by", "entered_by", "withdrawn_by", "set_by", "assigned_by"),
    )
)


def practice_of(patient: User) -> Practice:
    """The patient's clinic."""
    clinic = patient.clinic
    if clinic is None:
        raise TypeError("Every patient has a clinic.")
    return Practice(id=clinic.pk, name=clinic.name, time_zone=clinic.time_zone, jurisdiction=clinic.jurisdiction)


def identity_of(patient: User) -> Patient:
    """Name, date of birth, pronouns and how the patient is reached, as patients see it themselves."""
    profile = _profile_of(patient)
    born = profile.date_of_birth
    return Patient(
        id=patient.pk,
        first_name=patient.first_name,
        last_name=patient.last_name,
        time_zone=patient.time_zone,
        email=address_of(patient),
        date_of_birth=date.fromisoformat(born) if born else None,
        pronouns=profile.pronouns,
        phone=profile.phone,
        address=profile.address,
        emergency_contact=profile.emergency_contact,
    )


def patient_of(patient: User) -> Patient:
    """The same with what therapists know."""
    profile = _profile_of(patient)
    return replace(
        identity_of(patient),
        medical_history=profile.medical_history,
        diagnosis=profile.diagnosis,
        medication=profile.medication,
        safety_plan=profile.safety_plan,
        next_step=profile.next_step,
        tags=profile.tags or [],
        is_part_2=bool(profile.is_part_2),
    )


def _profile_of(patient: User) -> PatientProfile:
    return getattr(patient, "profile", None) or PatientProfile(patient=patient)


def rights_of(rows: Rows) -> dict[str, list[Any]]:
    """Who treated the patient, consents, disclosures and requests."""
    evidence = {"ip": None, "device_user": None}
    consents = [CONSENT.read(row) for row in rows.consents()]
    return {
        "relations": relations_of(rows),
        "consents": [replace(one, **evidence) for one in consents] if rows.is_shared else consents,
        "disclosures": [DISCLOSURE.read(row) for row in rows.disclosures()],
        "access_requests": [ACCESS_REQUEST.read(row) for row in rows.access_requests()],
    }


def relations_of(rows: Rows) -> list[Any]:
    """Who treats and treated the patient."""
    return [RELATION.read(row) for row in rows.relations()]


def staff_of(parts: Iterable[Any]) -> list[Person]:
    """Everybody whom the parts name, besides patients."""
    named = set(people_in(list(parts)))
    rows = User.objects.filter(pk__in=named).exclude(role=User.Role.PATIENT).order_by("sort_name", "id")
    return [_person(row) for row in rows]


def people_in(value: Any) -> Iterable[UUID]:
    """The ids of people in a part and in all that is nested in it."""
    if isinstance(value, list):
        for one in value:
            yield from people_in(one)
    elif is_dataclass(value):
        for one in fields(value):
            held = getattr(value, one.name)
            if one.name in PEOPLE and isinstance(held, UUID):
                yield held
            else:
                yield from people_in(held)


def _person(row: User) -> Person:
    return Person(id=row.pk, name=row.full_name, role=row.role, first_name=row.first_name, last_name=row.last_name)
