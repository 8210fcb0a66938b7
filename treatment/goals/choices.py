"""Kinds, states and priorities of goals, and what is known about interventions."""

from django.db import models


class GoalTerm(models.TextChoices):
    """The level of a goal: objectives may stand below short-term goals, and these below long-term ones."""

    LONG_TERM = "long_term", "Long-term goal"
    SHORT_TERM = "short_term", "Short-term goal"
    OBJECTIVE = "objective", "Objective"


class GoalStatus(models.TextChoices):
    """How far a goal has come."""

    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    ACHIEVED = "achieved", "Achieved"
    MODIFIED = "modified", "Replaced by another goal"
    DISCONTINUED = "discontinued", "Discontinued"


class Priority(models.TextChoices):
    """How much a goal counts among its siblings."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class EvidenceLevel(models.TextChoices):
    """How well an intervention is studied for what it is used for."""

    STRONG = "strong", "Strong: several controlled trials, or a guideline recommends it"
    MODERATE = "moderate", "Moderate: some controlled trials, or part of a recommended treatment"
    LIMITED = "limited", "Limited: case series or expert opinion"
    UNKNOWN = "unknown", "Not rated"


WEIGHTS = {Priority.HIGH: 3, Priority.MEDIUM: 2, Priority.LOW: 1}
OPEN = (GoalStatus.NOT_STARTED, GoalStatus.IN_PROGRESS)
DROPPED = (GoalStatus.MODIFIED, GoalStatus.DISCONTINUED)
CLOSED = (GoalStatus.ACHIEVED, GoalStatus.MODIFIED, GoalStatus.DISCONTINUED)
