"""The states of action items, and whose they are."""

from django.db import models


class ItemStatus(models.TextChoices):
    """How far an action item has come. A completed or abandoned one can be opened again."""

    ASSIGNED = "assigned", "To do"
    IN_PROGRESS = "in_progress", "Started"
    COMPLETED = "completed", "Done"
    ABANDONED = "abandoned", "Dropped"


class Assignee(models.TextChoices):
    """Who does it."""

    PATIENT = "patient", "Patient"
    THERAPIST = "therapist", "Therapist"


OPEN = (ItemStatus.ASSIGNED, ItemStatus.IN_PROGRESS)
