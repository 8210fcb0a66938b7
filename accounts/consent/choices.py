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
    TREATMENT_PLAN = "treatment_plan", "Treatment plan"
    PSYCHOTHERAPY_NOTES = "psychotherapy_notes", "Release of psychotherapy notes"
    PRIVATE_EVENTS = "private_events", "Release of private events"


# Given to one version of a plan, on the page of the plan, and withdrawn like any other.
OF_A_PLAN = ConsentType.TREATMENT_PLAN
ASKED_BY_LINK = [one for one in ConsentType.choices if one[0] != OF_A_PLAN.value]
# Authorisations that what is otherwise left out may leave; each expires (45 CFR 164.508(c)(1)(v)).
RELEASES = (ConsentType.PSYCHOTHERAPY_NOTES, ConsentType.PRIVATE_EVENTS)
# Each combined with nothing else in one signing (of psychotherapy notes: 45 CFR 164.508(b)(3)(ii)).
STANDS_ALONE = RELEASES
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


class MethodByHand(models.TextChoices):
    """How a decision that a therapist records was given: only patients themselves sign on a screen."""

    WRITTEN = "written"
    VERBAL = "verbal"


class SignerRole(models.TextChoices):
    """Who made the decision."""

    PATIENT = "patient", "The patient"
    GUARDIAN = "guardian", "A parent or guardian"
    REPRESENTATIVE = "representative", "A legal representative"
