"""Choices for patients' requests and disclosures."""

from django.db import models


class AccessRequestKind(models.TextChoices):
    """What a patient asks for."""

    VIEW = "view", "See my record"
    DOWNLOAD = "download", "Get a copy"
    CORRECT = "correct", "Correct something"
    DELETE = "delete", "Delete something"
    RESTRICT = "restrict", "Restrict who may use it"
    PORTABILITY = "portability", "Take it to another practice"


# What a copy of the record answers.
FOR_A_COPY = (AccessRequestKind.VIEW, AccessRequestKind.DOWNLOAD, AccessRequestKind.PORTABILITY)


class AccessRequestStatus(models.TextChoices):
    """The status of a request."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress", "In progress"
    FULFILLED = "fulfilled"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class Basis(models.TextChoices):
    """The legal basis of a disclosure."""

    AUTHORISATION = "authorisation", "The patient's authorisation"
    LAW = "law", "Required by law"
    COURT = "court", "Court order"
    PUBLIC_HEALTH = "public_health", "Public health"
    THREAT = "threat", "A serious threat to someone"
    OVERSIGHT = "oversight", "Health oversight"
    PATIENT = "patient", "Given to the patient"
    TREATMENT = "treatment", "Treatment by another provider"
    PAYMENT = "payment", "Payment"
    PRACTICE = "practice", "The practice's own use"
