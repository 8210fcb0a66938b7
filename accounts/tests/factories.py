"""People for tests. Every password is PASSWORD; patients have none unless one is given."""

from datetime import timedelta
from typing import Any

import factory
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.care.access import RecordAccess, open_record
from accounts.care.services.relations import end_relation
from accounts.consent.choices import RECORDING_CONSENTS
from accounts.models import BreakGlassGrant, Clinic, ConsentEntry, PatientProfile, TherapistPatient, User
from accounts.second_factor.services.factors import secrets_of
from therapybridge.core.actor import Actor

PASSWORD = "correct-horse-battery"


class ClinicFactory(DjangoModelFactory):
    class Meta:
        model = Clinic

    name = factory.Sequence(lambda n: f"Practice {n}")
    time_zone = "Europe/Berlin"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    clinic = factory.SubFactory(ClinicFactory)
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = "Robin"
    last_name = factory.Sequence(lambda n: f"Person{n}")
    is_verified = True

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **kwargs)


class TherapistFactory(UserFactory):
    role = User.Role.THERAPIST
    password = PASSWORD


class AdminFactory(UserFactory):
    role = User.Role.ADMIN
    password = PASSWORD


class PatientFactory(UserFactory):
    role = User.Role.PATIENT
    email = None
    first_name = "Canary"

    @factory.post_generation
    def profile(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        PatientProfile.objects.create(patient=self, **kwargs)


class CareFactory(DjangoModelFactory):
    """A care relation; therapist and patient share a clinic."""

    class Meta:
        model = TherapistPatient

    therapist = factory.SubFactory(TherapistFactory)
    patient = factory.SubFactory(PatientFactory, clinic=factory.SelfAttribute("..therapist.clinic"))


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = ConsentEntry

    patient = factory.SubFactory(PatientFactory)
    consent_type = ConsentEntry.Type.RECORDING
    status = ConsentEntry.Status.GRANTED
    method = ConsentEntry.Method.VERBAL


class BreakGlassFactory(DjangoModelFactory):
    """A live emergency access of a colleague without a relation."""

    class Meta:
        model = BreakGlassGrant

    patient = factory.SubFactory(PatientFactory)
    therapist = factory.SubFactory(TherapistFactory, clinic=factory.SelfAttribute("..patient.clinic"))
    reason = BreakGlassGrant.Reason.MEDICAL
    justification = "Admitted to hospital; the ward asks for the medication."
    started_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda grant: grant.started_at + timedelta(hours=4))
    review_due_at = factory.LazyAttribute(lambda grant: grant.started_at + timedelta(hours=72))


def access_for(reader: User, patient: User) -> RecordAccess:
    """The reader's access, as a request would open it; NotFound for strangers."""
    live = BreakGlassGrant.objects.live().filter(therapist=reader)
    grants = {grant.patient_id: grant.pk for grant in live}
    return open_record(Actor(user=reader, grants=grants), patient.pk, "patient.read")


def end_care(relation: TherapistPatient) -> TherapistPatient:
    """As the clinic's administration ends it."""
    return end_relation(relation, by=Actor(user=AdminFactory(clinic=relation.therapist.clinic)))


def give_consents(patient: User, status: str = "granted") -> list[ConsentEntry]:
    """Grant both consents needed for a recording."""
    types = RECORDING_CONSENTS
    return [ConsentFactory(patient=patient, consent_type=one, status=status) for one in types]


def give_app(user: User) -> str:
    """An authenticator app; its secret makes codes with `code_of`."""
    secret = totp.generate_totp_secret()
    with secrets_of(user.pk):
        totp.TOTP.activate(user, secret)
    return secret


def give_recovery_codes(user: User) -> list[str]:
    """Recovery codes in plain text."""
    with secrets_of(user.pk):
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def code_of(secret: str) -> str:
    """The code that the app currently shows."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
