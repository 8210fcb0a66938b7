"""Event types with their labels and icons."""

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, slots=True)
class EventType:
    """`label` is for therapists, `plain` for patients; `icon` is a symbol in static/img/icons.svg."""

    value: str
    label: str
    plain: str
    icon: str


def _event_type(value: str, label: str, plain: str) -> EventType:
    return EventType(value, label, plain, icon=f"kind-{value}")


EVENT_TYPES: dict[str, EventType] = {
    one.value: one
    for one in (
        _event_type("session", "Session", "We met"),
        _event_type("milestone", "Milestone", "Milestone"),
        _event_type("note", "Note", "Note"),
        _event_type("diagnosis", "Diagnosis", "Diagnosis"),
        _event_type("treatment_plan", "Treatment plan", "Our plan"),
        _event_type("medication", "Medication", "Medication"),
        _event_type("assessment", "Assessment", "Questionnaire"),
        _event_type("external_event", "Life event", "Life event"),
        _event_type("goal", "Goal", "Goal"),
        _event_type("appointment", "Appointment", "Appointment"),
    )
}


class Importance(models.TextChoices):
    """How much an event stands out."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"
    MILESTONE = "milestone"
