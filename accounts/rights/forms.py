"""Forms of patients' rights; they check the input's form, services the rules."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from accounts.care.forms import DATE
from accounts.models import AccessRequest, Disclosure
from accounts.rights.services.requests import HANDLED, MAX_TEXT
from therapybridge.core.api.moments import EARLIEST

ROWS = {"rows": 3}
NOON = time(12)


class AccessRequestForm(forms.Form):
    """What a patient asks for."""

    kind = forms.ChoiceField(label="I would like to", choices=AccessRequest.Kind.choices, widget=forms.RadioSelect)
    details = forms.CharField(
        label="What is it about?",
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs=ROWS),
        help_text="For example which session, or what should be corrected.",
    )


class HandleForm(forms.Form):
    """What a therapist does with a request."""

    status = forms.ChoiceField(choices=[(str(one.value), one.label) for one in HANDLED])
    answer = forms.CharField(required=False, max_length=MAX_TEXT)


class DisclosureForm(forms.Form):
    """To whom the record, or part of it, went."""

    day = forms.DateField(label="Date", widget=DATE)
    recipient = forms.CharField(label="To whom", max_length=500, help_text="Name and, if known, address.")
    what = forms.CharField(label="What was given", max_length=MAX_TEXT, widget=forms.Textarea(attrs=ROWS))
    why = forms.CharField(required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs=ROWS))
    basis = forms.ChoiceField(label="What allowed it", choices=Disclosure.Basis.choices)

    def clean_day(self) -> date:
        """Between 1900 and today."""
        day: date = self.cleaned_data["day"]
        if not EARLIEST.date() < day <= timezone.localdate():
            raise forms.ValidationError("Give a day in the past, or today.")
        return day

    def clean(self) -> dict[str, Any]:
        """The day becomes `disclosed_at`: noon, the same day in most time zones; now, should that still be to come."""
        data = super().clean() or {}
        if self.errors:
            return data
        noon = timezone.make_aware(datetime.combine(data.pop("day"), NOON))
        return data | {"disclosed_at": min(noon, timezone.now())}
