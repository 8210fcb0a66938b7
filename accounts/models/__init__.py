"""People: clinics, users, care relations, consent, sign-in families and replayed requests."""

from accounts.models.access import AuthSession, IdempotencyRecord
from accounts.models.care import PatientProfile, TherapistPatient
from accounts.models.clinic import Clinic
from accounts.models.consent import ConsentEntry
from accounts.models.user import User

__all__ = ["AuthSession", "Clinic", "ConsentEntry", "IdempotencyRecord", "PatientProfile", "TherapistPatient", "User"]
