"""Forms on the pages of treatment plans. They check the format; the services check what is said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.consent.choices import MethodByHand
from therapybridge.core.api.moments import validate_moment
from therapybridge.core.pages.forms import DATE, NOT_IN_PORTAL, ComposedField, LinesField
from treatment.diagnoses.codes import DiagnosisCode, flaw_of, normal_code, search
from treatment.models import PlanMilestone, PlanReview, TreatmentPlan
from treatment.plans.choices import Frequency
from treatment.plans.services.content import FIELDS, MAX_CODES, MAX_DAYS, MAX_REASON, MAX_TEXT, MAX_TITLE, MIN_DAYS
from treatment.plans.services.milestones import MAX_DESCRIPTION, MAX_NOTES

MAX_SEARCH = 100  # characters


class CodesField(forms.Field):
    """The codes that the page lists, in their order."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        """As they were sent; the service knows which there are."""
        return [str(code)[:MAX_SEARCH] for code in value or []][: MAX_CODES + 1]


class PlanForm(forms.Form):
    """What a plan says."""

    title = ComposedField(
        max_length=MAX_TITLE, help_text="In words that the patient reads too, for example: Sleep and worry."
    )
    codes = CodesField(required=False)
    diagnosis = LinesField(
        label="Diagnosis in words", required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    problems = LinesField(
        label="Presenting problems", required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 5})
    )
    start_date = forms.DateField(label="Starts on", required=False, widget=DATE, validators=[validate_moment])
    target_end_date = forms.DateField(label="Planned until", required=False, widget=DATE, validators=[validate_moment])
    session_frequency = forms.ChoiceField(label="We meet", choices=Frequency.choices, initial=Frequency.WEEKLY)
    review_every_days = forms.IntegerField(
        label="Days between reviews", min_value=MIN_DAYS, max_value=MAX_DAYS, initial=90
    )

    def clean(self) -> dict[str, Any]:
        """Without a start that was left empty: a new plan starts today, another one keeps its own."""
        given = super().clean() or {}
        if given.get("start_date") is None:
            given.pop("start_date", None)
        return given


class ChangePlanForm(PlanForm):
    """The same, and the revision that was read."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


def said_by(plan: TreatmentPlan) -> dict[str, Any]:
    """What a form shows of a plan."""
    return {name: getattr(plan, name) for name in FIELDS} | {"revision": plan.revision}


@dataclass(frozen=True, slots=True)
class Picker:
    """The codes that a form lists, and what a search for others found. It writes nothing."""

    codes: Sequence[str]
    wanted: str = ""
    found: Sequence[DiagnosisCode] = ()

    @property
    def unlisted(self) -> str:
        """The text itself, if it may be a code that is not on the list."""
        code = normal_code(self.wanted)
        return code if self.wanted and not self.found and not flaw_of(code) else ""


def step_of(data: QueryDict) -> tuple[Picker, bool]:
    """The codes after the step that a button names (`do`), and whether the form is to be saved.

    The Enter key searches while there is something to search for, and saves otherwise.
    """
    picker = Picker(data.getlist("codes")[: MAX_CODES + 1], data.get("wanted", "")[:MAX_SEARCH].strip())
    verb, _, code = data.get("do", "").partition(":")
    if verb == "add":
        return Picker(list(dict.fromkeys([*picker.codes, code]))), False
    if verb == "remove":
        return Picker([one for one in picker.codes if one != code]), False
    if verb == "first":
        return Picker([code, *(one for one in picker.codes if one != code)]), False
    if verb == "find" or (verb == "enter" and picker.wanted):
        known = set(picker.codes)
        found = [one for one in search(picker.wanted) if one.code not in known] if picker.wanted else []
        return replace(picker, found=found), False
    return Picker(picker.codes), True


class StepForm(forms.Form):
    """A step of a plan that needs nothing but the revision that was read. Several such forms are on one page."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{type(self).__name__.lower()}_%s"} | kwargs)


class ReasonForm(StepForm):
    """A step that needs a reason."""

    reason = LinesField(
        max_length=MAX_REASON,
        help_text=NOT_IN_PORTAL,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReviewForm(StepForm):
    """Today's review."""

    outcome = forms.ChoiceField(label="What comes of it", choices=PlanReview.Outcome.choices, widget=forms.RadioSelect)
    notes = LinesField(required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4}))


class ConsentForm(forms.Form):
    """What the patient decided after this version was read to them."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    status = forms.ChoiceField(choices=[("granted", "Agrees"), ("declined", "Does not agree")])
    digest = ComposedField(max_length=64, required=False)
    method = forms.ChoiceField(
        label="How it was given",
        choices=[(MethodByHand.VERBAL, "Spoken"), (MethodByHand.WRITTEN, "On paper")],
        initial=MethodByHand.VERBAL,
        widget=forms.RadioSelect,
    )


class ConsentRequestForm(forms.Form):
    """Whether a signing link about this version is e-mailed too."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    by_mail = forms.BooleanField(required=False)


class MilestoneForm(forms.Form):
    """A milestone of the plan."""

    description = ComposedField(
        label="What is reached", max_length=MAX_DESCRIPTION, help_text="Write it so that it reads well to the patient."
    )
    target_date = forms.DateField(label="By", required=False, widget=DATE, validators=[validate_moment])
    notes = LinesField(
        required=False,
        max_length=MAX_NOTES,
        help_text=NOT_IN_PORTAL,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ChangeMilestoneForm(MilestoneForm):
    """The same, how far it has come, and the revision that was read."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    status = forms.ChoiceField(choices=PlanMilestone.Status.choices, widget=forms.RadioSelect)
    field_order = ["description", "status", "target_date", "notes", "revision"]


class MilestoneStepForm(StepForm):
    """A button beside a milestone."""

    status = forms.ChoiceField(choices=PlanMilestone.Status.choices)


class ShiftForm(forms.Form):
    """A button that moves a milestone."""

    steps = forms.TypedChoiceField(choices=[("-1", "Up"), ("1", "Down")], coerce=int)
