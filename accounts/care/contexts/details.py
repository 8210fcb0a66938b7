"""Contexts of the pages on a patient's details."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.care.access import RecordAccess
from accounts.care.audit_actions import PATIENT_CREATED, PATIENT_UPDATED
from accounts.care.services.patients import NAME_FIELDS, PROFILE_FIELDS, version_of
from accounts.models import User
from audit.models import AuditEvent
from therapybridge.core.dates import day
from therapybridge.core.pages.lists import Listing

CHANGES = Listing(order=("-id",))
LABELS = {
    "first_name": "First name",
    "last_name": "Last name",
    "pronouns": "Pronouns",
    "date_of_birth": "Date of birth",
    "email": "E-mail",
    "phone": "Phone",
    "address": "Address",
    "emergency_contact": "Emergency contact",
    "safety_plan": "Safety plan",
    "diagnosis": "Diagnosis",
    "medication": "Medication",
    "next_step": "Next step",
    "medical_history": "Medical history",
    "time_zone": "Time zone",
    "tags": "Tags",
    "is_part_2": "42 CFR Part 2",
}


def form_values(patient: User) -> dict[str, Any]:
    """What is stored, and its version, for the form."""
    profile = getattr(patient, "profile", None)
    values = {name: getattr(patient, name) for name in NAME_FIELDS}
    values |= {name: getattr(profile, name, None) for name in PROFILE_FIELDS}
    # A box is checked for anything but False.
    return values | {"is_part_2": bool(values["is_part_2"]), "version": version_of(patient)}


def details_context(access: RecordAccess, query: Mapping[str, str], path: str) -> dict[str, Any]:
    """All that is stored, and who changed which fields when; the values of earlier times are not kept."""
    values = form_values(access.patient)
    done = AuditEvent.objects.filter(patient_id=access.patient.pk, outcome=AuditEvent.Outcome.OK)
    page = CHANGES.page(done.filter(action__in=(PATIENT_CREATED, PATIENT_UPDATED)), query, path)
    people = User.objects.in_bulk({event.actor_id for event in page if event.actor_id})
    return {
        "patient": access.patient,
        "may_write": access.may_write,
        "details": [(label, _shown(name, values[name])) for name, label in LABELS.items()],
        "page": page,
        "changes": [_change(event, people) for event in page],
    }


def _shown(name: str, value: Any) -> str:
    if name == "time_zone" and not value:
        return "Same as the clinic"
    if name == "date_of_birth" and value:
        return day(date.fromisoformat(value))
    if name == "is_part_2":
        return "Protected: what leaves carries its notice" if value else ""
    return ", ".join(value) if isinstance(value, list) else value or ""


def _change(event: AuditEvent, people: Mapping[Any, User]) -> dict[str, Any]:
    person = people.get(event.actor_id)
    fields = ", ".join(LABELS[name].lower() for name in event.changed if name in LABELS)
    verb = "Added the patient" if event.action == PATIENT_CREATED else "Changed" if fields else "Saved without a change"
    who = person.full_name if person else "Someone who has left" if event.actor_id else "The system"
    return {"at": event.created_at, "who": who, "what": f"{verb}: {fields}" if fields else verb}
