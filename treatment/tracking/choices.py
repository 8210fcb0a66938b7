"""What can be tracked for a goal, how often, and what is awarded."""

from django.db import models


class TrackerKind(models.TextChoices):
    """What a value counts."""

    SCALE = "scale", "A number on a scale"
    FREQUENCY = "frequency", "How many times"
    DURATION = "duration", "How many minutes"
    BINARY = "binary", "Done or not"
    MEASURE = "measure", "The total of a questionnaire"


class Rhythm(models.TextChoices):
    """How often a value is asked for."""

    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"
    SESSION = "session", "In each session"
    CUSTOM = "custom", "Every few days"


class Better(models.TextChoices):
    """Which values are better."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"


class AwardKind(models.TextChoices):
    """What an award is for."""

    PROGRESS = "progress", "Progress of a goal"  # in per cent
    STREAK = "streak", "Days in a row"
