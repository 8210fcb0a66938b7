"""What patients may ask for, and what allows a disclosure."""

from django.db import models


class AccessRequestKind(models.TextChoices):
    """What is asked for."""

    VIEW = "view", "See my record"
    DOWNLOAD = "download", "Get a copy"
    CORRECT = "correct", "Correct something"
    DELETE = "delete", "Delete something"
    RESTRICT = "restrict", "Restrict who may use it"
    PORTABILITY = "portability", "Take it to another practice"


class AccessRequestStatus(models.TextChoices):
    """How far it has come."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress", "In progress"
    FULFILLED = "fulfilled"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class Basis(models.TextChoices):
    """What allowed it."""

    AUTHORISATION = "authorisation", "The patient's authorisation"
    LAW = "law", "Required by law"
    COURT = "court", "Court order"
    PUBLIC_HEALTH = "public_health", "Public health"
    THREAT = "threat", "A serious threat to someone"
    OVERSIGHT = "oversight", "Health oversight"
    PATIENT = "patient", "Given to the patient"
