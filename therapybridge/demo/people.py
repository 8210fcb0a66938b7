"""Seeding the clinic, its staff and its patients."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.care.access import RecordAccess, access_to
from accounts.care.choices import RelationType
from accounts.care.services import patients
from accounts.models import Clinic, TherapistPatient, User
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict
from therapybridge.demo import cast
from therapybridge.demo.script import Patient

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no ambiguous characters


class AlreadySeeded(Conflict):
    """The database already has a clinic."""


def readable_password() -> str:
    """A random password of four groups of five characters: about 99 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


@dataclass(frozen=True, slots=True)
class Staff:
    """The clinic with its people by name of account, and their shared password hash, since hashing is slow."""

    clinic: Clinic
    people: dict[str, User]
    hashed: str


@dataclass(slots=True)
class Case:
    """A patient of the script with the start of each meeting, oldest first; their row is added by `add_patient`."""

    person: Patient
    staff: Staff
    dates: Sequence[datetime]
    patient: User = field(init=False)

    @property
    def therapist(self) -> User:
        """Who treats the patient."""
        return self.staff.people[self.person.therapist]

    @property
    def access(self) -> RecordAccess:
        """The therapist's access."""
        return access_to(Actor(user=self.therapist), self.patient, may_write=True)

    @property
    def supervision(self) -> RecordAccess:
        """The supervisor's access."""
        return access_to(Actor(user=self.staff.people[self.person.supervisor]), self.patient, may_write=True)

    @property
    def own_access(self) -> RecordAccess:
        """The patient's access to their own record."""
        return access_to(Actor(user=self.patient), self.patient, may_write=False)


def add_staff(password: str) -> Staff:
    """Create the clinic and its staff.

    AlreadySeeded for all but one of several concurrent callers: the unique e-mail makes the others wait and fail.
    """
    hashed = make_password(password)
    try:
        with transaction.atomic():
            clinic = Clinic.objects.create(
                name=cast.CLINIC_NAME, time_zone=cast.TIME_ZONE, jurisdiction=cast.JURISDICTION
            )
            people = {
                name: User(email=f"{name}@{cast.DOMAIN}", first_name=first, last_name=last, role=role, clinic=clinic)
                for name, first, last, role in cast.STAFF
            }
            for user in people.values():
                _let_in(user, hashed)
    except IntegrityError as error:
        raise AlreadySeeded("The demonstration is already being set up.") from error
    return Staff(clinic, people, hashed)


def add_patient(case: Case) -> None:
    """Add the patient, with a supervisor beside a trainee; only those with an e-mail can sign in."""
    person, staff = case.person, case.staff
    details: dict[str, Any] = dict(person.profile)
    names = {"first_name": person.first_name, "last_name": person.last_name}
    case.patient = patients.create_patient(by=Actor(user=case.therapist), **names, **details)
    if person.email:
        case.patient.email = person.email
        _let_in(case.patient, staff.hashed)
    if person.supervisor:
        supervisor = staff.people[person.supervisor]
        kind = RelationType.SUPERVISOR
        TherapistPatient.objects.create(therapist=supervisor, patient=case.patient, relationship_type=kind)
    # The column's default is the real clock, which the story does not stop.
    TherapistPatient.objects.filter(patient=case.patient).update(started_at=timezone.now())


def _let_in(user: User, hashed: str) -> None:
    user.password = hashed
    user.is_verified = True
    user.save()
