"""Roles."""

from django.db import models


class Role(models.TextChoices):
    """A person's role, which decides what they may do."""

    THERAPIST = "therapist"
    PATIENT = "patient"
    ADMIN = "admin"


STAFF_ROLES = (Role.THERAPIST, Role.ADMIN)
