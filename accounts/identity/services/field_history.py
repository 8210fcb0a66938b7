"""Field history for settings of people, clinics, relations and consent texts; never for patients' data."""

from auditlog.registry import auditlog

from accounts.models import Clinic, ConsentTemplate, TherapistPatient, User

FIELDS = {
    User: ["role", "is_active", "is_verified", "time_zone", "clinic"],
    Clinic: [
        *("time_zone", "jurisdiction", "external_ai_allowed", "emotion_inference", "show_access_log"),
        *("risk_review_hours", "grave_risk_review_hours"),
    ],
    TherapistPatient: ["relationship_type", "is_active", "ended_at"],
    ConsentTemplate: ["clinic", "consent_type", "version", "valid_days"],
}


def register() -> None:
    """Track explicitly listed fields; fields added later have no history until they are listed."""
    for model, names in FIELDS.items():
        auditlog.register(model, include_fields=names)
