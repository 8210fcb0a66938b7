"""Forms of emergency access; they judge shapes, services judge rules."""

from typing import Any

from django import forms

from accounts.forms.people import DATE
from accounts.models import BreakGlassGrant
from accounts.services.emergency import MAX_HOURS, MAX_JUSTIFICATION, MAX_NOTE, MIN_JUSTIFICATION, Lookup


class EmergencyForm(forms.Form):
    """Whose record, why, and for how long."""

    first_name = forms.CharField(max_length=100, required=False, help_text="As it is in the record, in full.")
    last_name = forms.CharField(max_length=100, required=False)
    date_of_birth = forms.DateField(widget=DATE, required=False)
    patient_id = forms.UUIDField(
        label="Or the patient's id", required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = forms.ChoiceField(choices=BreakGlassGrant.Reason.choices, widget=forms.RadioSelect)
    justification = forms.CharField(
        label="What happened",
        min_length=MIN_JUSTIFICATION,
        max_length=MAX_JUSTIFICATION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"At least {MIN_JUSTIFICATION} characters. Those who treat the patient will read this.",
    )
    hours = forms.TypedChoiceField(
        label="For how long",
        choices=[(number, f"{number} hour{'s' if number > 1 else ''}") for number in range(1, MAX_HOURS + 1)],
        coerce=int,
        initial=1,
    )

    def clean(self) -> dict[str, Any]:
        """An id, or a name with the date of birth."""
        values = super().clean() or {}
        by_name = values.get("first_name") and values.get("date_of_birth")
        if not self.errors and not by_name and not values.get("patient_id"):
            raise forms.ValidationError("Give first name, last name and date of birth, or the patient's id.")
        return values

    @property
    def lookup(self) -> Lookup:
        """How the patient is named."""
        names = ("patient_id", "first_name", "last_name", "date_of_birth")
        return Lookup(**{name: self.cleaned_data[name] for name in names})

    @property
    def terms(self) -> dict[str, Any]:
        """Why, and for how long."""
        return {name: self.cleaned_data[name] for name in ("reason", "justification", "hours")}


class ReviewForm(forms.Form):
    """What the review found."""

    verdict = forms.ChoiceField(
        label="Was it justified?",
        choices=[
            (BreakGlassGrant.Verdict.JUSTIFIED, "Yes, it was justified"),
            (BreakGlassGrant.Verdict.UNJUSTIFIED, "No, it was not"),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(required=False, max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 3}))
