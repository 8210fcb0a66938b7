"""What happens to people: patients are taken on, described, asked for consent and handed over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import consent_texts
from accounts.models import ConsentEntry, PatientProfile, TherapistPatient, User
from audit import log
from therapybridge.core.errors import Conflict, ConsentRequired, Forbidden, InvalidInput
from therapybridge.core.limits import client_ip

NAME_FIELDS = ("first_name", "last_name", "email", "time_zone")
PROFILE_FIELDS = ("date_of_birth", "phone", "address", "emergency_contact", "medical_history", "tags")
RECORDING_CONSENTS = (ConsentEntry.Type.RECORDING, ConsentEntry.Type.AI_PROCESSING)


def create_patient(
    *, by: User, first_name: str, last_name: str = "", request: HttpRequest | None = None, **details: Any
) -> User:
    """Take on a patient in the therapist's clinic, with `by` as the primary therapist.

    `details`: email, time_zone and the profile's fields; the date of birth as a date or ISO string. Raises Forbidden
    for anyone but a therapist, InvalidInput for an e-mail that is taken.
    """
    if not by.is_therapist:
        raise Forbidden("Only a therapist can take on a patient.")
    person = {"first_name": first_name, "last_name": last_name} | _only(details, NAME_FIELDS)
    with transaction.atomic():
        patient = User(role=User.Role.PATIENT, clinic=by.clinic, **person)
        patient.set_unusable_password()
        _save_person(patient)
        PatientProfile.objects.create(patient=patient, **_profile_values(details))
        TherapistPatient.objects.create(therapist=by, patient=patient)
        filled = [name for name, value in {**person, **details}.items() if value]
        log.record("patient.created", by=by, target=patient, patient_id=patient.pk, changed=filled, request=request)
    return patient


def update_patient(patient: User, *, by: User, request: HttpRequest | None = None, **changes: Any) -> User:
    """Change what is known of a patient; names as in `create_patient`, an absent name stays as it is."""
    with transaction.atomic():
        person = _only(changes, NAME_FIELDS)
        for name, value in person.items():
            setattr(patient, name, value)
        _save_person(patient, only=person)
        _save_profile(patient, _profile_values(changes))
        log.record(
            "patient.updated", by=by, target=patient, patient_id=patient.pk, changed=sorted(changes), request=request
        )
    return patient


def update_me(user: User, *, request: HttpRequest | None = None, **changes: Any) -> User:
    """Change one's own names and time zone."""
    with transaction.atomic():
        for name, value in changes.items():
            setattr(user, name, value)
        user.save(update_fields=[*changes, "updated_at"])
        log.record("user.updated", by=user, target=user, changed=sorted(changes), request=request)
    return user


def record_consent(
    patient: User,
    types: Sequence[str],
    status: str,
    method: str,
    *,
    by: User,
    expires_at: datetime | None = None,
    request: HttpRequest | None = None,
) -> list[ConsentEntry]:
    """Add one entry to the ledger for each type; the latest of a type is in force."""
    ip = client_ip(request) if request is not None else None
    with transaction.atomic():
        entries = [
            ConsentEntry.objects.create(
                patient=patient,
                consent_type=consent_type,
                status=status,
                method=method,
                version=consent_texts.VERSION,
                text=consent_texts.text_of(consent_type),
                recorded_by=by,
                ip=ip,
                expires_at=expires_at,
            )
            for consent_type in dict.fromkeys(types)
        ]
        for entry in entries:
            log.record(f"consent.{status}", by=by, target=entry, changed=[entry.consent_type], request=request)
    return entries


def missing_recording_consents(patient: User) -> list[str]:
    """Which of the two consents that a recording needs are not live."""
    live = set(
        ConsentEntry.objects.live()
        .filter(patient=patient, consent_type__in=RECORDING_CONSENTS)
        .values_list("consent_type", flat=True)
    )
    return [str(needed) for needed in RECORDING_CONSENTS if needed not in live]


def require_recording_consent(patient: User) -> None:
    """Pass while consent to recording and to AI processing are both live; ConsentRequired names what is missing."""
    missing = missing_recording_consents(patient)
    if missing:
        labels = ", ".join(str(ConsentEntry.Type(name).label) for name in missing)
        raise ConsentRequired(f"The patient's consent is missing: {labels}.", errors={"consent": missing})


def end_relation(relation: TherapistPatient, *, by: User, request: HttpRequest | None = None) -> TherapistPatient:
    """End a care relation; the therapist's access ends with the commit."""
    now = timezone.now()
    with transaction.atomic():
        open_one = TherapistPatient.objects.filter(pk=relation.pk, is_active=True)
        if not open_one.update(is_active=False, ended_at=now, updated_at=now):
            raise Conflict("This care relation has ended already.")
        log.record("care.ended", by=by, target=relation, changed=["is_active", "ended_at"], request=request)
    relation.is_active, relation.ended_at = False, now
    return relation


def _save_person(user: User, only: Iterable[str] | None = None) -> None:
    """Write all fields of a new person, `only` those of an existing one: a deactivation meanwhile must survive."""
    try:
        with transaction.atomic():
            user.save(update_fields=None if only is None else [*only, "updated_at"])
    except IntegrityError as error:
        raise InvalidInput(errors={"email": ["This e-mail address cannot be used."]}) from error


def _save_profile(patient: User, values: Mapping[str, Any]) -> None:
    if values:
        PatientProfile.objects.update_or_create(patient=patient, defaults=values)
        patient._state.fields_cache.pop("profile", None)


def _only(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _profile_values(details: Mapping[str, Any]) -> dict[str, Any]:
    """The profile's part of `details`, empty values as None and dates as ISO text."""
    values = {name: value or None for name, value in _only(details, PROFILE_FIELDS).items()}
    born = values.get("date_of_birth")
    return values | ({"date_of_birth": str(born)} if born else {})
