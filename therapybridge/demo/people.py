"""Seeding the clinic, its staff and its patients."""

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
from therapybridge.demo.script import Patient

Type, Decision, Method = ConsentEntry.Type, ConsentEntry.Status, ConsentEntry.Method
GRANTED = (Type.TREATMENT, Type.HIPAA_NOTICE, Type.DATA_PROCESSING, Type.RECORDING, Type.AI_PROCESSING)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no ambiguous characters


class AlreadySeeded(Conflict):
    """The database already has a clinic."""


def readable_password() -> str:
    """A random password of four groups of five characters: about 99 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


@dataclass(frozen=True, slots=True)
class Staff:
    """The clinic with its people by e-mail, and their shared password hash, since hashing is slow."""

    clinic: Clinic
    people: dict[str, User]
    hashed: str


@dataclass(frozen=True, slots=True)
class Case:
    """A patient of the script with their row and the start of each meeting, oldest first."""

    person: Patient
    clinic: Clinic
    therapist: User
    patient: User
    dates: Sequence[datetime]

    @property
    def access(self) -> RecordAccess:
        """The therapist's access to the new patient."""
        return access_to(Actor(user=self.therapist), self.patient, may_write=True)


def add_staff(password: str) -> Staff:
    """Create the clinic and its staff.

    AlreadySeeded for all but one of several concurrent callers: the unique e-mail makes the others wait and fail.
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
        raise AlreadySeeded("The demonstration is already being set up.") from error
    return Staff(clinic, people, hashed)


def add_patient(person: Patient, staff: Staff, dates: Sequence[datetime]) -> Case:
    """Add a patient shortly before the first meeting; only those with an e-mail can sign in."""
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
    """Record consent before the first meeting and, for one patient, the refusal of AI processing after the last."""
    _decide(case, GRANTED, Decision.GRANTED, Method.WRITTEN, case.dates[0] - timedelta(minutes=30))
    if case.person.has_revoked_ai:
        _decide(case, [Type.AI_PROCESSING], Decision.REVOKED, Method.VERBAL, case.dates[-1] + timedelta(days=2))


def _decide(case: Case, types: Sequence[str], status: str, method: str, at: datetime) -> None:
    # Backdated decisions that are recorded now: not even the demonstration rewrites the consent log.
    signed_at = min(at, timezone.now())
    decisions.record_consent(case.access, types, status, method, signed_at=signed_at)


def _let_in(user: User, hashed: str) -> None:
    user.password = hashed
    user.is_verified = True
    user.save()
