"""The clinic, its staff and its patients."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.care.access import RecordAccess, access_to
from accounts.care.services import patients
from accounts.consent.services import decisions
from accounts.demo import CLINIC_NAME
from accounts.models import Clinic, ConsentEntry, TherapistPatient, User
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict
from therapybridge.demo import cast
from therapybridge.demo.shapes import Patient

Type, Decision, Method = ConsentEntry.Type, ConsentEntry.Status, ConsentEntry.Method
GRANTED = (Type.TREATMENT, Type.HIPAA_NOTICE, Type.DATA_PROCESSING, Type.RECORDING, Type.AI_PROCESSING)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


class AlreadySeeded(Conflict):
    """Somebody is here already."""


def readable_password() -> str:
    """Four groups of five letters and digits: about 99 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


@dataclass(frozen=True, slots=True)
class Staff:
    """The clinic with its people by e-mail, and the password's hash, which all share: hashing costs time."""

    clinic: Clinic
    people: dict[str, User]
    hashed: str


@dataclass(frozen=True, slots=True)
class Case:
    """A patient of the script as rows, with the start of each meeting, oldest first."""

    person: Patient
    clinic: Clinic
    therapist: User
    patient: User
    dates: Sequence[datetime]

    @property
    def access(self) -> RecordAccess:
        """What the therapist, who has just taken the patient on, may do."""
        return access_to(Actor(user=self.therapist), self.patient, may_write=True)


def add_staff(password: str) -> Staff:
    """Make the clinic and its staff.

    AlreadySeeded for all but one of several callers at once: the unique e-mail makes the others wait and lose.
    """
    hashed = make_password(password)
    try:
        with transaction.atomic():
            clinic = Clinic.objects.create(name=CLINIC_NAME, time_zone=cast.TIME_ZONE, jurisdiction=cast.JURISDICTION)
            people = {
                email: User(email=email, first_name=first, last_name=last, role=role, clinic=clinic)
                for email, first, last, role in cast.STAFF
            }
            for user in people.values():
                _let_in(user, hashed)
    except IntegrityError as error:
        raise AlreadySeeded("The demonstration is being set up already.") from error
    return Staff(clinic, people, hashed)


def add_patient(person: Patient, staff: Staff, dates: Sequence[datetime]) -> Case:
    """Take a patient on shortly before the first meeting; only one with an e-mail can sign in."""
    therapist = staff.people[person.therapist]
    details: dict[str, Any] = {**person.profile, "email": person.email}
    names = {"first_name": person.first_name, "last_name": person.last_name}
    patient = patients.create_patient(by=Actor(user=therapist), **names, **details)
    if person.email:
        patient.email = person.email
        _let_in(patient, staff.hashed)
    taken_on = dates[0] - timedelta(days=3)
    TherapistPatient.objects.filter(patient=patient).update(started_at=taken_on, created_at=taken_on)
    User.objects.filter(pk=patient.pk).update(created_at=taken_on)
    return Case(person, staff.clinic, therapist, patient, dates)


def record_consents(case: Case) -> None:
    """Consent before the first meeting and, for who changed their mind, the refusal of AI processing after the last."""
    _decide(case, GRANTED, Decision.GRANTED, Method.WRITTEN, case.dates[0] - timedelta(minutes=30))
    if case.person.has_revoked_ai:
        _decide(case, [Type.AI_PROCESSING], Decision.REVOKED, Method.VERBAL, case.dates[-1] + timedelta(days=2))


def _decide(case: Case, types: Sequence[str], status: str, method: str, at: datetime) -> None:
    # Decided in an invented past and recorded now: not even a demonstration rewrites the consent log.
    signed_at = min(at, timezone.now())
    decisions.record_consent(case.access, types, status, method, signed_at=signed_at)


def _let_in(user: User, hashed: str) -> None:
    user.password = hashed
    user.is_verified = True
    user.save()
