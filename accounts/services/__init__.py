"""What happens to people: taken on, described, asked for consent, handed over."""

from accounts.services.care import end_relation, require_care
from accounts.services.consent import (
    RECORDING_CONSENTS,
    missing_recording_consents,
    record_consent,
    require_recording_consent,
)
from accounts.services.patients import create_patient, update_me, update_patient

__all__ = [
    "RECORDING_CONSENTS",
    "create_patient",
    "end_relation",
    "missing_recording_consents",
    "record_consent",
    "require_care",
    "require_recording_consent",
    "update_me",
    "update_patient",
]
