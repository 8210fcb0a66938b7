"""People: clinics, users, care relations, consent, sign-in, emergency access, patients' rights and mail."""

from accounts.models.access import AuthSession, IdempotencyRecord
from accounts.models.care import PatientProfile, TherapistPatient
from accounts.models.clinic import Clinic
from accounts.models.consent import ConsentEntry, ConsentRequest, ConsentTemplate
from accounts.models.emergency import BreakGlassGrant
from accounts.models.invitation import Invitation
from accounts.models.mail import OutgoingMail
from accounts.models.rights import AccessRequest, Disclosure
from accounts.models.user import User

__all__ = [
    "AccessRequest",
    "AuthSession",
    "BreakGlassGrant",
    "Clinic",
    "ConsentEntry",
    "ConsentRequest",
    "ConsentTemplate",
    "Disclosure",
    "IdempotencyRecord",
    "Invitation",
    "OutgoingMail",
    "PatientProfile",
    "TherapistPatient",
    "User",
]
