"""Forms about people; they judge shapes, services judge rules."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.serializers.people import EARLIEST_BIRTH

DATE = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
LINES = {"rows": 3}


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
