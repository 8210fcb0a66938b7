"""Forms for taking over data from another system."""

from typing import Any

from django import forms

from accounts.models import User
from exports.transfers.choices import TransferKind
from sessions_app.forms import PatientField


class _KindForm(forms.Form):
    """What is in the file, whose, and how days are written in it."""

    kind = forms.ChoiceField(choices=TransferKind.choices, label="What is in the file?")
    patient = PatientField(queryset=User.objects.none(), required=False)
    day_first = forms.BooleanField(
        required=False,
        label="Days begin with the day of the month",
        help_text="3/4/2026 is then the third of April, otherwise March 4. 2026-03-04 is always March 4.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        patients = User.objects.patients_treated_by(user).order_by("sort_name", "id")
        self.fields["patient"] = PatientField(
            queryset=patients, required=False, empty_label="For transcripts: choose a patient"
        )
        self.patient_ids = [patient.pk for patient in patients]

    def clean(self) -> dict[str, Any]:
        """Transcripts say nothing of whose they are."""
        given = super().clean() or {}
        if given.get("kind") == TransferKind.TRANSCRIPTS and not given.get("patient") and not self.has_error("patient"):
            self.add_error("patient", "Choose whose transcripts these are.")
        return given


class TransferForm(_KindForm):
    """Chooses a file."""

    file = forms.FileField(label="File")
    field_order = ("kind", "file", "patient", "day_first")


class TakeOverForm(_KindForm):
    """Adds what was shown: the content comes back from the page, since nothing of it was kept."""

    content = forms.CharField(widget=forms.HiddenInput, strip=False)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "patient", "day_first"):
            self.fields[name].widget = self.fields[name].hidden_widget()
