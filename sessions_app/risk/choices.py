"""The states of risk reviews, what may come of one, the entries of its history, and what they come from."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import models

KINDS = {
    "self_harm": "Self-harm",
    "suicidal_ideation": "Suicidal thoughts",
    "harm_to_others": "Harm to others",
    "abuse": "Abuse",
    "crisis": "Crisis",
    "substance": "Substance use",
}


class ReviewStatus(models.TextChoices):
    """How far a review has come. Nothing but a disposition ends it."""

    OPEN = "open", "Open"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    DISPOSED = "disposed", "Closed"


class Disposition(models.TextChoices):
    """What a clinician found or did."""

    SAFETY_PLAN = "safety_plan", "Safety plan made or updated"
    REFERRED = "referred", "Referred, or escalated to a crisis service"
    ASSESSED = "assessed", "Assessed in the session and recorded"
    NOT_PRESENT = "not_present", "Not about the patient's present risk"
    MISHEARD = "misheard", "Misheard or not said"
    OTHER = "other", "Other"


class Happening(models.TextChoices):
    """What a line of a review's history tells."""

    OPENED = "opened", "Opened"
    ADDED = "added", "New lines were added"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    HANDED_OVER = "handed_over", "Handed over"
    REMINDED = "reminded", "Overdue, e-mailed"  # one for each person, as the next
    ESCALATED = "escalated", "Overdue, and escalated"
    DISPOSED = "disposed", "Closed"


@dataclass(frozen=True, slots=True)
class Source:
    """What a review comes from if not from a session; `label` is read before "of" and a day, `url` leads to the row."""

    name: str
    label: str
    url: Callable[[UUID], str]


_sources: dict[str, Source] = {}


def declare_source(name: str, label: str, url: Callable[[UUID], str]) -> Source:
    """Let reviews come from rows of an app above this one; ImproperlyConfigured if the name is taken."""
    if name in _sources:
        raise ImproperlyConfigured(f"The source {name!r} of risk reviews is declared twice.")
    return _sources.setdefault(name, Source(name, label, url))


def source_of(name: str) -> Source:
    """The source with this name; LookupError if no app declares it."""
    if name not in _sources:
        raise LookupError(f"No app declares the source {name!r} of risk reviews.")
    return _sources[name]
