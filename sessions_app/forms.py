"""Forms of the therapist portal."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User


class PatientField(forms.ModelChoiceField[User]):
    """Offers patients by name, which a user's str() does not contain."""

    def label_from_instance(self, obj: User) -> str:
        return obj.full_name


class NewSessionForm(forms.Form):
    """Patient, date and one of: a recording, a transcript file, or a pasted transcript."""

    patient = PatientField(queryset=User.objects.none(), empty_label="Choose a patient")
    session_date = forms.DateTimeField(
        label="Date and time",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    file = forms.FileField(required=False, label="Recording", allow_empty_file=True)
    transcript_file = forms.FileField(required=False, label="Transcript file", allow_empty_file=True)
    transcript_text = forms.CharField(required=False, label="Transcript", widget=forms.Textarea, strip=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        patients = User.objects.patients_treated_by(user).order_by("last_name", "first_name")
        self.fields["patient"] = PatientField(queryset=patients, empty_label="Choose a patient")
        self.patient_ids = [patient.pk for patient in patients]
        now = timezone.localtime().replace(second=0, microsecond=0)
        self.fields["session_date"].initial = now

    def clean(self) -> dict[str, Any]:
        """Require exactly one source."""
        data = super().clean() or {}
        given = [
            name for name in ("file", "transcript_file", "transcript_text") if data.get(name) or name in self.files
        ]
        if not given:
            raise forms.ValidationError("Choose a recording, or add a transcript.")
        if len(given) > 1:
            raise forms.ValidationError("Choose either a recording or a transcript, not both.")
        return data
