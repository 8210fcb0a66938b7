"""Whose fields have a history: settings of people, clinics, relations and texts, never what is known of a patient."""

from auditlog.registry import auditlog

from accounts.models import Clinic, ConsentTemplate, TherapistPatient, User

FIELDS = {
    User: ["role", "is_active", "is_verified", "time_zone", "clinic"],
    Clinic: ["time_zone", "jurisdiction", "external_ai_allowed", "emotion_inference", "show_access_log"],
    TherapistPatient: ["relationship_type", "is_active", "ended_at"],
    ConsentTemplate: ["clinic", "consent_type", "version", "valid_days"],
}


def register() -> None:
    """Follow each field by name: one that is added later has no history until somebody lists it."""
    for model, names in FIELDS.items():
        auditlog.register(model, include_fields=names)
