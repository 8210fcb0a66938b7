"""Forms for patients' rights; they validate format, services enforce the rules."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import AccessRequest, Disclosure
from accounts.rights.services.requests import CHOOSE, HANDLED, MAX_TEXT
from therapybridge.core.api.moments import EARLIEST
from therapybridge.core.pages.forms import DATE, LinesField, TidyField

ROWS = {"rows": 3}


class AccessRequestForm(forms.Form):
    """Makes a request about the patient's own record."""

    kind = forms.ChoiceField(label="I would like to", choices=AccessRequest.Kind.choices, widget=forms.RadioSelect)
    details = LinesField(
        label="What is it about?",
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs=ROWS),
        help_text="For example, which session it is about or what should be corrected.",
    )


class HandleForm(forms.Form):
    """Handles a patient's request."""

    answer = LinesField(
        label="Answer to the patient",
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs=ROWS),
        help_text="Needed to fulfil or deny the request. The patient reads it in the portal.",
    )
    status = forms.ChoiceField(
        label="Decision",
        choices=[(str(one.value), one.label) for one in HANDLED],
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def __init__(self, *args: Any, asked: AccessRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.auto_id = asked, f"%s-{asked.pk}"


class DisclosureForm(forms.Form):
    """Records a disclosure of the record, or part of it."""

    day = forms.DateField(label="Date", widget=DATE)
    recipient = TidyField(label="Recipient", max_length=500, help_text="Name and, if known, address")
    what = LinesField(label="What was given", max_length=MAX_TEXT, widget=forms.Textarea(attrs=ROWS))
    why = LinesField(required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs=ROWS))
    basis = forms.ChoiceField(label="Legal basis", choices=Disclosure.Basis.choices)

    def clean_day(self) -> date:
        """Accept dates from 1900 to today."""
        day: date = self.cleaned_data["day"]
        if not EARLIEST.date() < day <= timezone.localdate():
            raise forms.ValidationError("Enter a day in the past, or today.")
        return day

    def clean(self) -> dict[str, Any]:
        """The day as `disclosed_at`."""
        data = super().clean() or {}
        return data if self.errors else data | {"disclosed_at": data.pop("day")}
