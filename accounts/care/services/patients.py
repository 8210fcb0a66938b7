"""Adding and editing patients."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.care.access import RecordAccess, access_to
from accounts.care.audit_actions import PATIENT_CREATED, PATIENT_UPDATED
from accounts.models import PatientProfile, TherapistPatient, User
from audit.log import record
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden

NAME_FIELDS = ("first_name", "last_name", "time_zone")
PROFILE_FIELDS = ("email", "date_of_birth", "phone", "address", "emergency_contact", "medical_history", "tags")


def create_patient(*, by: Actor, first_name: str, last_name: str = "", **details: Any) -> User:
    """Add a patient to the therapist's clinic, with `by` as the primary therapist.

    `details`: time_zone and the profile's fields; the date of birth as a date or ISO string. The e-mail is contact data
    and is never checked against other people's. Raises Forbidden for anyone but a therapist.
    """
    if not by.user.is_therapist:
        raise Forbidden("Only a therapist can add a patient.")
    person = {"first_name": first_name, "last_name": last_name} | _only(details, NAME_FIELDS)
    with transaction.atomic():
        patient = User(role=User.Role.PATIENT, clinic=by.user.clinic, **person)
        patient.set_unusable_password()
        patient.save()
        PatientProfile.objects.create(patient=patient, **_profile_values(details))
        TherapistPatient.objects.create(therapist=by.user, patient=patient)
        filled = [name for name, value in {**person, **details}.items() if value]
        record(PATIENT_CREATED, patient, by=access_to(by, patient, may_write=True), changed=filled)
    return patient


def update_patient(access: RecordAccess, **changes: Any) -> User:
    """Change a patient's details, with the keys of `create_patient`; absent keys stay unchanged."""
    patient = access.patient
    access.require_write(patient.pk)
    with transaction.atomic():
        person = _only(changes, NAME_FIELDS)
        for name, value in person.items():
            setattr(patient, name, value)
        # Only the given fields: a concurrent deactivation must survive.
        patient.save(update_fields=[*person, "updated_at"])
        _save_profile(patient, _profile_values(changes))
        record(PATIENT_UPDATED, patient, by=access, changed=sorted(changes))
    return patient


def _save_profile(patient: User, values: Mapping[str, Any]) -> None:
    if values:
        PatientProfile.objects.update_or_create(patient=patient, defaults=values)
        patient._state.fields_cache.pop("profile", None)


def _only(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _profile_values(details: Mapping[str, Any]) -> dict[str, Any]:
    """The profile fields of `details`, with empty values as None and dates as ISO text."""
    values = {name: value or None for name, value in _only(details, PROFILE_FIELDS).items()}
    if born := values.get("date_of_birth"):
        values["date_of_birth"] = str(born)
    if "email" in values:
        values["email"] = (values["email"] or "").strip().lower() or None
        values["email_index"] = PatientProfile.index_of(values["email"] or "")
    return values
