"""What is agreed to, how, and by whom."""

from django.db import models


class ConsentType(models.TextChoices):
    """What is consented to."""

    TREATMENT = "treatment"
    HIPAA_NOTICE = "hipaa_notice", "HIPAA notice"
    DATA_PROCESSING = "data_processing"
    DATA_SHARING = "data_sharing"
    COMMUNICATION = "communication"
    RECORDING = "recording"
    AI_PROCESSING = "ai_processing", "AI processing"
    RESEARCH = "research"
    TELEHEALTH = "telehealth"
    BILLING = "billing"


class ConsentStatus(models.TextChoices):
    """What was decided."""

    GRANTED = "granted"
    DECLINED = "declined"
    REVOKED = "revoked"
    EXPIRED = "expired"


class ConsentMethod(models.TextChoices):
    """How it was given."""

    ELECTRONIC = "electronic"
    WRITTEN = "written"
    VERBAL = "verbal"


class SignerRole(models.TextChoices):
    """Who decided."""

    PATIENT = "patient", "The patient"
    GUARDIAN = "guardian", "A parent or guardian"
    REPRESENTATIVE = "representative", "A legal representative"
