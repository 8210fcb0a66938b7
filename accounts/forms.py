"""Forms of the pages; they judge shapes, services judge rules."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import ConsentEntry
from accounts.serializers import EARLIEST_BIRTH

DATE = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
LINES = {"rows": 3}


class SignInForm(forms.Form):
    """E-mail and password."""

    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        max_length=1024, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class PatientForm(forms.Form):
    """A patient whom a therapist takes on or describes anew."""

    first_name = forms.CharField(max_length=100)
    last_name = forms.CharField(max_length=100, required=False)
    date_of_birth = forms.DateField(widget=DATE, required=False)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    phone = forms.CharField(max_length=50, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    address = forms.CharField(max_length=500, required=False, widget=forms.Textarea(attrs=LINES))
    emergency_contact = forms.CharField(
        max_length=500, required=False, help_text="Name, relation and telephone number."
    )
    medical_history = forms.CharField(max_length=20_000, required=False, widget=forms.Textarea(attrs=LINES))

    def clean_date_of_birth(self) -> Any:
        """Between 1900 and today."""
        born = self.cleaned_data["date_of_birth"]
        if born and not EARLIEST_BIRTH <= born <= timezone.localdate():
            raise forms.ValidationError("This is not a date of birth.")
        return born


class ConsentForm(forms.Form):
    """What a patient decided about one or more kinds of consent."""

    types = forms.MultipleChoiceField(
        label="The patient decided about",
        choices=ConsentEntry.Type.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[ConsentEntry.Type.RECORDING, ConsentEntry.Type.AI_PROCESSING],
        help_text="A session can be recorded only with both Recording and AI processing.",
    )
    status = forms.ChoiceField(
        label="Decision",
        choices=[
            (ConsentEntry.Status.GRANTED, "Consents"),
            (ConsentEntry.Status.DECLINED, "Does not consent"),
            (ConsentEntry.Status.REVOKED, "Withdraws an earlier consent"),
        ],
        widget=forms.RadioSelect,
    )
    method = forms.ChoiceField(
        label="Given", choices=ConsentEntry.Method.choices, widget=forms.RadioSelect, initial=ConsentEntry.Method.VERBAL
    )
