"""What can be missing between a plan, its goals, notes and questionnaires."""

from django.db import models


class GapKind(models.TextChoices):
    """Where the thread is broken."""

    REVIEW = "review", "Plan overdue for review"
    GOAL = "goal", "Goal without a note for 30 days"
    NOTE = "note", "Signed note without a goal"
    MEASURE = "measure", "Questionnaire overdue"
