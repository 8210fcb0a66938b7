"""Forms of the therapist portal."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from sessions_app.choices import SPEAKERS
from sessions_app.pipeline.speakers.resolve import Voice
from sessions_app.pipeline.types import Speaker
from sessions_app.services.speakers import MAX_LABEL
from therapybridge.core.dates import zone_name
from therapybridge.core.pages.forms import ComposedField, MomentField

WHO = [("", "Choose"), *(SPEAKERS | {"other": "Somebody else", "unknown": "Not known"}).items()]
BOTH: tuple[Speaker, Speaker] = ("therapist", "patient")


class PatientField(forms.ModelChoiceField[User]):
    """Offers patients by name, which a user's str() does not contain."""

    def label_from_instance(self, obj: User) -> str:
        return obj.full_name


class NewSessionForm(forms.Form):
    """Patient, date and one of: a recording, a transcript file, or a pasted transcript."""

    patient = PatientField(queryset=User.objects.none(), empty_label="Choose a patient")
    session_date = MomentField(
        label="Date and time",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    file = forms.FileField(required=False, label="Recording", allow_empty_file=True)
    transcript_file = forms.FileField(required=False, label="Transcript file", allow_empty_file=True)
    transcript_text = forms.CharField(required=False, label="Transcript", widget=forms.Textarea, strip=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        patients = User.objects.patients_treated_by(user).order_by("sort_name", "id")
        self.fields["patient"] = PatientField(queryset=patients, empty_label="Choose a patient")
        self.patient_ids = [patient.pk for patient in patients]
        now = timezone.localtime().replace(second=0, microsecond=0)
        self.fields["session_date"].initial = now
        self.fields["session_date"].help_text = f"In your time zone, {zone_name(now)}."

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


class VoicesForm(forms.Form):
    """Who each voice of a transcript is, and what it is called; voices with the same name become one.

    A button `therapist` with the position of a voice answers for two voices at once. `asks`: nothing is chosen yet.
    """

    def __init__(self, *args: Any, voices: Sequence[Voice], asks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.voices = voices
        for at, voice in enumerate(voices):
            role = forms.ChoiceField(choices=WHO, initial="" if asks else voice.role, label="Who is this?")
            self.fields[f"role-{at}"] = role
            self.fields[f"name-{at}"] = ComposedField(
                required=False, max_length=MAX_LABEL, initial=voice.label, label="Name in the transcript"
            )
            if "therapist" in self.data:
                role.required = False

    def rows(self) -> Iterator[tuple[Voice, forms.BoundField, forms.BoundField]]:
        """Each voice with its two fields."""
        for at, voice in enumerate(self.voices):
            yield voice, self[f"role-{at}"], self[f"name-{at}"]

    def clean(self) -> dict[str, Any]:
        """The roles and names by label, as the service takes them."""
        data = super().clean() or {}
        labels = [voice.label for voice in self.voices]
        if "therapist" in self.data:
            return {"roles": self._of_two(labels)}
        return {
            "roles": {label: data[f"role-{at}"] for at, label in enumerate(labels) if f"role-{at}" in data},
            "names": {label: data[f"name-{at}"] for at, label in enumerate(labels) if data.get(f"name-{at}")},
        }

    def _of_two(self, labels: list[str]) -> dict[str, Speaker]:
        chosen = self.data["therapist"]
        if len(labels) != len(BOTH) or chosen not in {"0", "1"}:
            raise forms.ValidationError("Choose who each voice is.")
        return dict(zip(labels, BOTH if chosen == "0" else BOTH[::-1], strict=True))


class LinesForm(forms.Form):
    """The line whose speaker is wrong, and the right one."""

    line = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    speaker = forms.ChoiceField(choices=WHO[1:], label="Who said this?")

    def clean(self) -> dict[str, Any]:
        """As the service takes it."""
        data = super().clean() or {}
        return {"lines": [data["line"]], "speaker": data["speaker"]} if {"line", "speaker"} <= data.keys() else data
