"""Choices for consent."""

from django.db import models


class ConsentType(models.TextChoices):
    """The subject of a consent."""

    TREATMENT = "treatment"
    HIPAA_NOTICE = "hipaa_notice", "HIPAA notice"
    DATA_PROCESSING = "data_processing", "Data processing"
    DATA_SHARING = "data_sharing", "Data sharing"
    COMMUNICATION = "communication"
    RECORDING = "recording"
    AI_PROCESSING = "ai_processing", "AI processing"
    RESEARCH = "research"
    TELEHEALTH = "telehealth"
    BILLING = "billing"


# Without both, nothing is recorded.
RECORDING_CONSENTS = (ConsentType.RECORDING, ConsentType.AI_PROCESSING)


class ConsentStatus(models.TextChoices):
    """The decision."""

    GRANTED = "granted"
    DECLINED = "declined"
    REVOKED = "revoked"
    EXPIRED = "expired"


class ConsentMethod(models.TextChoices):
    """How the decision was given."""

    ELECTRONIC = "electronic"
    WRITTEN = "written"
    VERBAL = "verbal"


class SignerRole(models.TextChoices):
    """Who made the decision."""

    PATIENT = "patient", "The patient"
    GUARDIAN = "guardian", "A parent or guardian"
    REPRESENTATIVE = "representative", "A legal representative"
