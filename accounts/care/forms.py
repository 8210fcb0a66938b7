"""Forms for patients and emergency access; they validate format, services enforce the rules."""

from typing import Any

from django import forms

from accounts.care.serializers import EARLIEST_BIRTH
from accounts.care.services.emergency import (
    LOOKUP_FIELDS,
    MAX_HOURS,
    MAX_JUSTIFICATION,
    MAX_NOTE,
    MIN_JUSTIFICATION,
    Lookup,
)
from accounts.identity.forms import TimeZoneField
from accounts.models import BreakGlassGrant
from therapybridge.core.pages.forms import DATE, AddressField, ComposedField, LinesField, TidyField, TidyLinesField

LINES = {"rows": 3}
MAX_TAGS, MAX_TAG = 30, 50


class PatientForm(forms.Form):
    """Adds or edits a patient."""

    first_name = TidyField(max_length=100)
    last_name = TidyField(max_length=100, required=False)
    date_of_birth = forms.DateField(widget=DATE, required=False)
    email = AddressField(label="E-mail", max_length=254, required=False)
    phone = TidyField(max_length=50, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    address = TidyLinesField(max_length=500, required=False, widget=forms.Textarea(attrs=LINES))
    emergency_contact = TidyField(max_length=500, required=False, help_text="Name, relation and telephone number.")
    medical_history = LinesField(max_length=20_000, required=False, widget=forms.Textarea(attrs=LINES))

    def clean_date_of_birth(self) -> Any:
        """Accept dates from 1900 on; the service refuses days that the clinic has not seen."""
        born = self.cleaned_data["date_of_birth"]
        if born and born < EARLIEST_BIRTH:
            raise forms.ValidationError("Enter a valid date of birth.")
        return born


class TagsField(ComposedField):
    """Words separated by commas."""

    def to_python(self, value: Any) -> Any:
        """A list; ValidationError for more or longer ones than the API takes."""
        tags = [tag for part in (super().to_python(value) or "").split(",") if (tag := part.strip())]
        if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in tags):
            raise forms.ValidationError(f"Enter at most {MAX_TAGS} tags of up to {MAX_TAG} characters.")
        return tags

    def prepare_value(self, value: Any) -> Any:
        """As it is typed."""
        return ", ".join(value) if isinstance(value, list) else value


class EditPatientForm(PatientForm):
    """Edits all that is stored about a patient; `version` tells what the page showed."""

    pronouns = TidyField(max_length=50, required=False)
    time_zone = TimeZoneField(empty="Same as the clinic", label="Time zone", required=False)
    diagnosis = LinesField(max_length=1_000, required=False, widget=forms.Textarea(attrs=LINES))
    medication = LinesField(max_length=1_000, required=False, widget=forms.Textarea(attrs=LINES))
    safety_plan = LinesField(max_length=5_000, required=False, widget=forms.Textarea(attrs=LINES))
    next_step = ComposedField(max_length=500, required=False)
    tags = TagsField(required=False, help_text="Separated by commas.")
    is_part_2 = forms.BooleanField(
        label="Protected by 42 CFR Part 2",
        required=False,
        help_text="For records of a programme that treats substance use disorders. What leaves carries the notice that "
        "it may not be passed on.",
    )
    version = forms.CharField(required=False, empty_value=None, widget=forms.HiddenInput)
    # As on the page of details; what must not be forgotten comes before addresses and history.
    field_order = [
        "first_name",
        "last_name",
        "pronouns",
        "date_of_birth",
        "email",
        "phone",
        "address",
        "emergency_contact",
        "safety_plan",
        "diagnosis",
        "medication",
        "next_step",
        "medical_history",
    ]


class EmergencyForm(forms.Form):
    """Asks for a patient's record, the reason and the duration."""

    first_name = TidyField(max_length=100, required=False, help_text="The full name, as in the record.")
    last_name = TidyField(max_length=100, required=False)
    date_of_birth = forms.DateField(widget=DATE, required=False)
    patient_id = forms.UUIDField(
        label="Or the patient's ID", required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = forms.ChoiceField(choices=BreakGlassGrant.Reason.choices, widget=forms.RadioSelect)
    justification = LinesField(
        label="What happened",
        min_length=MIN_JUSTIFICATION,
        max_length=MAX_JUSTIFICATION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"At least {MIN_JUSTIFICATION} characters. The patient's therapists will read this.",
    )
    hours = forms.TypedChoiceField(
        label="For how long",
        choices=[(number, f"{number} hour{'s' if number > 1 else ''}") for number in range(1, MAX_HOURS + 1)],
        coerce=int,
        initial=1,
    )

    def clean(self) -> dict[str, Any]:
        """Combine an id, or a name and date of birth, into one `lookup`."""
        values = super().clean() or {}
        by_name = values.get("first_name") and values.get("date_of_birth")
        if not self.errors and not by_name and not values.get("patient_id"):
            raise forms.ValidationError("Enter first name, last name and date of birth, or the patient's ID.")
        if self.errors:
            return values
        lookup = Lookup(**{name: values.pop(name) for name in LOOKUP_FIELDS})
        return values | {"lookup": lookup}


class ReviewForm(forms.Form):
    """The verdict on an emergency access."""

    verdict = forms.ChoiceField(
        label="Was it justified?",
        choices=[
            (BreakGlassGrant.Verdict.JUSTIFIED, "Yes, it was justified"),
            (BreakGlassGrant.Verdict.UNJUSTIFIED, "No, it was not"),
        ],
        widget=forms.RadioSelect,
    )
    note = LinesField(required=False, max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 3}))
