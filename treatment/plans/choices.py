"""The states of plans, reviews, milestones and consent, and how often people meet."""

from datetime import timedelta

from django.db import models


class PlanStatus(models.TextChoices):
    """How far a plan has come."""

    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    ON_HOLD = "on_hold", "On hold"
    COMPLETED = "completed", "Completed"
    DISCONTINUED = "discontinued", "Discontinued"


class MilestoneStatus(models.TextChoices):
    """How far a milestone has come."""

    PENDING = "pending", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    ACHIEVED = "achieved", "Achieved"
    DISCONTINUED = "discontinued", "Dropped"


class Frequency(models.TextChoices):
    """How often patient and therapist meet."""

    TWICE_WEEKLY = "twice_weekly", "Twice a week"
    WEEKLY = "weekly", "Once a week"
    FORTNIGHTLY = "fortnightly", "Every two weeks"
    MONTHLY = "monthly", "Once a month"
    AS_NEEDED = "as_needed", "As needed"


class ReviewOutcome(models.TextChoices):
    """What a review of a plan decided."""

    CONTINUED = "continued", "Continue as it is"
    REVISED = "revised", "Continue with changes"
    ENDED = "ended", "End the plan"


class PlanVersionCause(models.TextChoices):
    """Why a version of a plan was kept."""

    STARTED = "started", "Started"
    CHANGED = "changed", "Changed"
    REVIEWED = "reviewed", "Reviewed"


class Agreement(models.TextChoices):
    """What the patient has decided about the current version of a plan."""

    NOT_ASKED = "not_asked", "Not asked yet"
    GIVEN = "given", "Agreed"
    OUTDATED = "outdated", "Agreed to an earlier version"
    DECLINED = "declined", "Does not agree"
    WITHDRAWN = "withdrawn", "Agreement withdrawn"
    EXPIRED = "expired", "Agreement expired"


class ReviewState(models.TextChoices):
    """Whether the review of an active plan is due."""

    ON_TIME = "on_time", "On time"
    DUE = "due", "Due within a week"
    OVERDUE = "overdue", "Overdue"


DUE_SOON = timedelta(days=7)
ENDED = (PlanStatus.COMPLETED, PlanStatus.DISCONTINUED)
