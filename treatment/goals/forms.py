"""Forms of goals, ratings, and interventions; those that change a row carry the revision that was read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from therapybridge.core.api.moments import validate_moment
from therapybridge.core.pages.forms import DATE, ComposedField, LinesField, TidyField
from treatment.goals.choices import EvidenceLevel, GoalTerm, Priority
from treatment.goals.models import Goal, GoalIntervention, Intervention
from treatment.goals.services.changes import MAX_SMART, MAX_UNIT, MAX_WORDING, SMART
from treatment.goals.services.endings import MAX_REASON
from treatment.goals.services.interventions import BEST, MAX_FREQUENCY, MAX_NOTES
from treatment.goals.services.library import (
    MAX_ALIAS,
    MAX_ALIASES,
    MAX_DESCRIPTION,
    MAX_MODALITY,
    MAX_NAME,
    MAX_SOURCE,
)
from treatment.goals.services.progress import MAX_NOTE

TWO, THREE = {"rows": 2}, {"rows": 3}


def _number(**given: Any) -> forms.DecimalField:
    return forms.DecimalField(required=False, max_digits=9, decimal_places=2, **given)


def _smart(label: str) -> LinesField:
    return LinesField(label=label, required=False, max_length=MAX_SMART, widget=forms.Textarea(attrs=TWO))


class GoalForm(forms.Form):
    """What a goal says."""

    wording = LinesField(label="Goal", max_length=MAX_WORDING, widget=forms.Textarea(attrs=TWO))
    plain_wording = LinesField(
        label="In plain words",
        required=False,
        max_length=MAX_WORDING,
        help_text="What the patient reads. Empty: the goal as it is above.",
        widget=forms.Textarea(attrs=TWO),
    )
    term = forms.ChoiceField(choices=GoalTerm.choices, label="Kind")
    priority = forms.ChoiceField(choices=Priority.choices, initial=Priority.MEDIUM)
    target_date = forms.DateField(label="Reached by", required=False, widget=DATE, validators=[validate_moment])
    unit = TidyField(label="What is measured", required=False, max_length=MAX_UNIT, help_text="Such as: rides a week")
    baseline = _number(label="Baseline")
    target = _number(label="Target")
    specific = _smart("Specific: what exactly?")
    measurable = _smart("Measurable: how is it seen?")
    achievable = _smart("Achievable: what makes it possible?")
    relevant = _smart("Relevant: why does it matter?")
    timed = _smart("Timed: when, and how often?")

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """What most goals need."""
        return [field for field in self.visible_fields() if field.name not in SMART]

    @property
    def smart_fields(self) -> list[forms.BoundField]:
        """What some write down too."""
        return [self[name] for name in SMART]

    @property
    def is_smart(self) -> bool:
        """Whether something is there to be seen in them."""
        return any(field.value() or field.errors for field in self.smart_fields)

    def clean(self) -> dict[str, Any]:
        """As the services take it."""
        given = dict(super().clean() or {})
        given["smart"] = {name: given.pop(name, "") for name in SMART}
        measured = {name: given.pop(name, None) for name in ("unit", "baseline", "target")}
        given["measurement"] = measured if any(value not in {None, ""} for value in measured.values()) else None
        return given


class NewGoalForm(GoalForm):
    """A new goal, at the top or below an open one."""

    parent = forms.TypedChoiceField(label="Below", required=False, coerce=UUID, empty_value=None)
    field_order = ("wording", "plain_wording", "term", "parent")

    def __init__(self, *args: Any, goals: Iterable[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", "None (top level)"), *goals]  # type: ignore[attr-defined]


class ChangeGoalForm(GoalForm):
    """A goal as it stands."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        held = {name: getattr(goal, name) for name in ("wording", "plain_wording", "term", "priority", "target_date")}
        stands = held | goal.smart | (goal.measurement or {}) | {"revision": goal.revision}
        super().__init__(*args, **{"initial": stands} | kwargs)


class ReplaceGoalForm(ChangeGoalForm):
    """The goal that takes its place, and why."""

    reason = LinesField(label="Why it changes", max_length=MAX_REASON, widget=forms.Textarea(attrs=THREE))
    field_order = ("reason",)


class _OfGoal(forms.Form):
    """About one goal; several of these forms stand on its page."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        prefix = type(self).__name__.lower()
        super().__init__(*args, **{"auto_id": f"{prefix}_%s", "initial": {"revision": goal.revision}} | kwargs)


class StepForm(_OfGoal):
    """That it is started or achieved."""


class MoveForm(_OfGoal):
    """Past its neighbour."""

    down = forms.BooleanField(required=False, widget=forms.HiddenInput)


class PlaceForm(_OfGoal):
    """Below another goal."""

    parent = forms.TypedChoiceField(label="Below", required=False, coerce=UUID, empty_value=None)

    def __init__(self, *args: Any, goal: Goal, goals: Iterable[tuple[Any, str]], **kwargs: Any) -> None:
        held = {"revision": goal.revision, "parent": goal.parent_id}
        super().__init__(*args, goal=goal, **{"initial": held} | kwargs)
        self.fields["parent"].choices = [("", "None (top level)"), *goals]  # type: ignore[attr-defined]


class DiscontinueForm(_OfGoal):
    """Why it is given up."""

    reason = LinesField(label="Why", max_length=MAX_REASON, widget=forms.Textarea(attrs=THREE))


class ReopenForm(_OfGoal):
    """Where it stands now."""

    percent = forms.IntegerField(
        label="Where it stands now, in percent",
        required=False,
        min_value=0,
        max_value=99,
        help_text="Empty: where it was given up, or 0.",
    )


class RateForm(forms.Form):
    """How far it has come."""

    percent = forms.IntegerField(label="Progress in percent", required=False, min_value=0, max_value=100)
    value = _number(label="Measured")
    rated_date = forms.DateField(label="On", required=False, widget=DATE, help_text="Empty: today.")
    note = LinesField(label="Why", required=False, max_length=MAX_NOTE, widget=forms.Textarea(attrs=TWO))

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "rate_%s"} | kwargs)
        if goal.measurement:
            self.fields["value"].label = f"Measured: {goal.measurement['unit'] or 'value'}"
            self.fields["percent"].help_text = "Only if nothing was measured."
            self.order_fields(["value", "percent"])
        else:
            del self.fields["value"]
            self.fields["percent"].required = True


def _effectiveness() -> forms.TypedChoiceField:
    rated = [(number, f"{number} of {BEST}") for number in range(1, BEST + 1)]
    return forms.TypedChoiceField(
        label="How well it works", required=False, coerce=int, empty_value=None, choices=[("", "Not rated"), *rated]
    )


def _frequency() -> ComposedField:
    return ComposedField(label="How often", required=False, max_length=MAX_FREQUENCY)


def _notes() -> LinesField:
    return LinesField(label="Notes", required=False, max_length=MAX_NOTES, widget=forms.Textarea(attrs=TWO))


class NewUseForm(forms.Form):
    """An intervention of the library for a goal."""

    intervention: Any = forms.ModelChoiceField(Intervention.objects.none(), empty_label="Choose one")
    frequency = _frequency()
    effectiveness = _effectiveness()
    notes = _notes()

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "use_%s"} | kwargs)
        self.fields["intervention"].queryset = offered  # type: ignore[attr-defined]


class ChangeUseForm(forms.Form):
    """How often, and how well it works."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    frequency = _frequency()
    effectiveness = _effectiveness()
    notes = _notes()

    def __init__(self, *args: Any, use: GoalIntervention, **kwargs: Any) -> None:
        held = {name: getattr(use, name) for name in ("revision", "frequency", "effectiveness", "notes")}
        super().__init__(*args, **{"initial": held, "auto_id": f"use-{use.pk}_%s"} | kwargs)
        self.use = use


class InterventionForm(forms.Form):
    """An entry of the clinic's library."""

    name = TidyField(max_length=MAX_NAME)
    modality = TidyField(required=False, max_length=MAX_MODALITY, help_text="The therapy that it belongs to")
    description = LinesField(required=False, max_length=MAX_DESCRIPTION, widget=forms.Textarea(attrs=THREE))
    aliases = ComposedField(
        label="Other names",
        required=False,
        max_length=(MAX_ALIAS + 2) * MAX_ALIASES,
        help_text="With commas between them",
    )
    evidence_level = forms.ChoiceField(label="Evidence", choices=EvidenceLevel.choices, initial=EvidenceLevel.UNKNOWN)
    evidence_source = ComposedField(label="Source of the evidence", required=False, max_length=MAX_SOURCE)

    def clean_aliases(self) -> list[str]:
        """Each name by itself; the service refuses those that are too long or too many."""
        return [name.strip() for name in self.cleaned_data["aliases"].split(",") if name.strip()]


class ChangeInterventionForm(InterventionForm):
    """An entry as it stands."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, entry: Intervention, **kwargs: Any) -> None:
        names = ("name", "modality", "description", "evidence_level", "evidence_source", "revision")
        held = {name: getattr(entry, name) for name in names} | {"aliases": ", ".join(entry.aliases)}
        super().__init__(*args, **{"initial": held} | kwargs)
