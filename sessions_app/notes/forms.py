"""The form that shares a summary; it checks the input's form, the service the rules."""

from typing import Any

from django import forms

from accounts.models import User
from sessions_app.notes.services import MAX_SUMMARY


class LinesField(forms.CharField):
    """A text of several lines. A line break counts as one character, as in the browser, which sends two."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The text with plain line breaks."""
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


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
