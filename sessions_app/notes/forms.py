"""The form that shares a summary; it checks the input's form, the service the rules."""

from typing import Any

from django import forms

from accounts.models import User
from sessions_app.notes.services import MAX_SUMMARY
from therapybridge.core.pages.forms import LinesField


class DecisionForm(forms.Form):
    """The version of the draft whose statement is decided about."""

    draft = forms.IntegerField(min_value=1)


class SummaryForm(forms.Form):
    """What the patient will read."""

    text = LinesField(max_length=MAX_SUMMARY, widget=forms.Textarea(attrs={"rows": 7}))
    version = forms.CharField(required=False, empty_value=None, widget=forms.HiddenInput)

    def __init__(self, *args: Any, patient: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = patient.first_name
        self.fields["text"].label = f"What {name or 'the patient'} will read"
        self.fields["text"].help_text = (
            f"{name or 'The patient'} reads this only once it is shared. "
            f"Speak to {name or 'the patient'} directly and plainly."
        )
