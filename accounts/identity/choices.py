"""What people are."""

from django.db import models


class Role(models.TextChoices):
    """What a person is here."""

    THERAPIST = "therapist"
    PATIENT = "patient"
    ADMIN = "admin"
