"""Adding and editing patients."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.care.access import RecordAccess, access_to
from accounts.care.audit_actions import PATIENT_CREATED, PATIENT_UPDATED
from accounts.models import PatientProfile, TherapistPatient, User
from audit.log import record
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.dates import zoned
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput
from therapybridge.core.text import same_address

NAME_FIELDS = ("first_name", "last_name", "time_zone")
PROFILE_FIELDS = (
    *("email", "date_of_birth", "phone", "address", "emergency_contact", "medical_history", "tags"),
    *("pronouns", "diagnosis", "medication", "safety_plan", "next_step", "is_part_2"),
)


class PatientChanged(Conflict):
    """The details are not those that were read any more: who changed them, and when."""

    code = "edit_conflict"

    def __init__(self, patient: User) -> None:
        # The change and its audit row are written together, the row last.
        made = AuditEvent.objects.filter(patient_id=patient.pk, created_at__gte=patient.updated_at)
        event = made.filter(action=PATIENT_UPDATED, outcome=AuditEvent.Outcome.OK).order_by("id").first()
        person = User.objects.filter(pk=event.actor_id).first() if event and event.actor_id else None
        who = person.full_name if person else ""
        self.extensions = {"change": {"by": who or None, "at": patient.updated_at}}
        at = zoned(patient.updated_at)
        super().__init__(f"{who or 'Someone'} changed these details on {at}, after you opened them.")


def create_patient(*, by: Actor, first_name: str, last_name: str = "", **details: Any) -> User:
    """Add a patient to the therapist's clinic, with `by` as the primary therapist.

    `details`: time_zone and the profile's fields; the date of birth as a date or ISO string. The e-mail is contact data
    and is never checked against other people's. Forbidden for anyone but a therapist.
    """
    if not by.user.is_therapist:
        raise Forbidden("Only a therapist can add a patient.")
    person = {"first_name": first_name, "last_name": last_name} | _only(details, NAME_FIELDS)
    with transaction.atomic():
        patient = User(role=User.Role.PATIENT, clinic=by.user.clinic, **person)
        patient.set_unusable_password()
        patient.save()
        PatientProfile.objects.create(patient=patient, **_profile_values(patient, details))
        TherapistPatient.objects.create(therapist=by.user, patient=patient)
        filled = [name for name, value in {**person, **details}.items() if value]
        record(PATIENT_CREATED, patient, by=access_to(by, patient, may_write=True), changed=filled)
    return patient


def version_of(patient: User) -> str:
    """Tells two states of a patient's details apart."""
    return str(round(patient.updated_at.timestamp() * 1_000_000))


def update_patient(access: RecordAccess, *, version: str | None = None, **changes: Any) -> User:
    """Change a patient's details, with the keys of `create_patient`; absent keys stay unchanged.

    PatientChanged if the caller built on another `version` (`version_of`) than the stored one.
    """
    patient = access.patient
    access.require_write(patient.pk)
    with patient.locked():
        stored = User.objects.select_related("profile").get(pk=patient.pk)
        if version is not None and version != version_of(stored):
            raise PatientChanged(stored)
        person, profile = _only(changes, NAME_FIELDS), _profile_values(patient, changes)
        changed = _changed(stored, person, profile)
        for name, value in person.items():
            setattr(patient, name, value)
        # Only the given fields: a concurrent deactivation must survive.
        patient.save(update_fields=[*person, "updated_at"])
        _save_profile(patient, profile)
        record(PATIENT_UPDATED, patient, by=access, changed=changed)
    return patient


def _changed(stored: User, person: Mapping[str, Any], profile: Mapping[str, Any]) -> list[str]:
    """The names of the fields that get another value."""
    held = getattr(stored, "profile", None)
    names = {name for name, value in person.items() if getattr(stored, name) != value}
    named = {name: value for name, value in profile.items() if name in PROFILE_FIELDS}
    names |= {name for name, value in named.items() if (getattr(held, name, None) or None) != (value or None)}
    return sorted(names)


def _save_profile(patient: User, values: Mapping[str, Any]) -> None:
    if values:
        PatientProfile.objects.update_or_create(patient=patient, defaults=values)
        patient._state.fields_cache.pop("profile", None)


def _only(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _profile_values(patient: User, details: Mapping[str, Any]) -> dict[str, Any]:
    """The profile fields of `details`, with empty values as None and dates as ISO text.

    InvalidInput for a birth on a day that the clinic has not seen.
    """
    values = {name: value or None for name, value in _only(details, PROFILE_FIELDS).items()}
    if born := values.get("date_of_birth"):
        values["date_of_birth"] = day = str(born)
        if day > patient.clinic_day.isoformat():
            raise InvalidInput(errors={"date_of_birth": ["Enter a valid date of birth."]})
    if "is_part_2" in values:
        values["is_part_2"] = int(bool(values["is_part_2"]))
    if "email" in values:
        values["email"] = same_address(values["email"]) or None
        values["email_index"] = PatientProfile.index_of(values["email"] or "")
    return values
