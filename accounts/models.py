"""All models of this app, from its subjects."""

from accounts.authentication.models import AuthSession, IdempotencyRecord
from accounts.care.models import BreakGlassGrant, PatientProfile, TherapistPatient
from accounts.consent.models import ConsentEntry, ConsentRequest, ConsentTemplate
from accounts.identity.models import Clinic, Invitation, User
from accounts.mail.models import OutgoingMail
from accounts.rights.models import AccessRequest, Disclosure

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
