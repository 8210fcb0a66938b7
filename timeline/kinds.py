"""The kinds of events: how each is called, drawn and explained."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`label` is for therapists, `plain` is what a patient reads, `icon` a symbol of static/img/icons.svg."""

    value: str
    label: str
    plain: str
    icon: str


def _kind(value: str, label: str, plain: str) -> Kind:
    return Kind(value, label, plain, icon=f"kind-{value}")


KINDS: dict[str, Kind] = {
    kind.value: kind
    for kind in (
        _kind("session", "Session", "We met"),
        _kind("milestone", "Milestone", "Milestone"),
        _kind("note", "Note", "Note"),
        _kind("diagnosis", "Diagnosis", "Diagnosis"),
        _kind("treatment_plan", "Treatment plan", "Our plan"),
        _kind("medication", "Medication", "Medication"),
        _kind("assessment", "Assessment", "Questionnaire"),
        _kind("external_event", "Life event", "Life event"),
        _kind("goal", "Goal", "Goal"),
        _kind("appointment", "Appointment", "Appointment"),
    )
}
