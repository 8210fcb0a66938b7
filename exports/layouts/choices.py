"""The parts of a document of session notes."""

from django.db import models


class Part(models.TextChoices):
    """What a document of session notes can hold; notes are always in it."""

    OVERVIEW = "overview", "Overview of the sessions"
    NOTES = "notes", "Notes"
    SUMMARIES = "summaries", "Summaries shared with the patient"
    ACTION_ITEMS = "action_items", "Agreed next steps"
