"""Forms for consent; they validate format, services enforce the rules."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from accounts.consent.choices import ASKED_BY_LINK
from accounts.consent.services.consent_log import ConsentText
from accounts.consent.services.decisions import MAX_NAME
from accounts.models import ConsentEntry
from therapybridge.core.api.moments import EARLIEST
from therapybridge.core.pages.forms import TidyField

Role = ConsentEntry.SignerRole
NO_AUTOFILL = {"autocomplete": "off"}


class ConsentForm(forms.Form):
    """Records a patient's decision about one or more types of consent."""

    types = forms.MultipleChoiceField(
        label="Types of consent",
        choices=ConsentEntry.Type.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[ConsentEntry.Type.RECORDING, ConsentEntry.Type.AI_PROCESSING],
        help_text="A session can be recorded only with consent to both recording and AI processing.",
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
        label="Given",
        choices=[
            (ConsentEntry.Method.VERBAL, "Spoken"),
            (ConsentEntry.Method.WRITTEN, "On paper"),
        ],
        widget=forms.RadioSelect,
        initial=ConsentEntry.Method.VERBAL,
    )
    signer_role = forms.ChoiceField(
        label="Decided by", choices=Role.choices, widget=forms.RadioSelect, initial=Role.PATIENT, required=False
    )
    signer_name = TidyField(
        label="Their name",
        max_length=MAX_NAME,
        required=False,
        help_text="Required unless the patient decided.",
        widget=forms.TextInput(attrs=NO_AUTOFILL),
    )
    witness_name = TidyField(
        label="Witness",
        max_length=MAX_NAME,
        required=False,
        help_text="For a verbal decision without another witness, you are the witness.",
        widget=forms.TextInput(attrs=NO_AUTOFILL),
    )
    signed_at = forms.DateField(
        label="Decided on",
        required=False,
        help_text="Leave empty for today.",
        widget=forms.DateInput(attrs={"type": "date", **NO_AUTOFILL}, format="%Y-%m-%d"),
    )

    def clean_signer_role(self) -> str:
        """Default to the patient."""
        return self.cleaned_data["signer_role"] or Role.PATIENT.value

    def clean_signed_at(self) -> date | None:
        """The day; None for now."""
        day: date | None = self.cleaned_data["signed_at"]
        if day and not EARLIEST.date() < day <= timezone.localdate():
            raise forms.ValidationError("Enter the day of the decision, today at the latest.")
        return day


class RequestForm(forms.Form):
    """Chooses what a patient is asked to decide about."""

    types = forms.MultipleChoiceField(
        label="Ask about",
        choices=ASKED_BY_LINK,
        widget=forms.CheckboxSelectMultiple,
        initial=[ConsentEntry.Type.RECORDING, ConsentEntry.Type.AI_PROCESSING],
    )
    by_mail = forms.BooleanField(required=False)


class SignForm(forms.Form):
    """A choice for each text and a typed name as signature; no choice is preselected."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    signer_role = forms.ChoiceField(
        label="Who is signing",
        choices=[
            (Role.PATIENT, "I am the patient"),
            (Role.GUARDIAN, "I am a parent or guardian"),
            (Role.REPRESENTATIVE, "I am a legal representative"),
        ],
        widget=forms.RadioSelect,
    )
    signer_name = TidyField(
        label="Your full name",
        max_length=MAX_NAME,
        help_text="Typing your name here is your signature.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    witness_name = TidyField(
        label="Name of a witness", max_length=MAX_NAME, required=False, widget=forms.TextInput(attrs=NO_AUTOFILL)
    )

    def __init__(self, *args: Any, texts: Sequence[ConsentText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        choices = [(ConsentEntry.Status.GRANTED, "I agree"), (ConsentEntry.Status.DECLINED, "I do not agree")]
        asked = {
            _name(one): forms.ChoiceField(label=one.label, choices=choices, widget=forms.RadioSelect) for one in texts
        }
        self.fields = {**asked, **self.fields}

    def sections(self) -> list[tuple[ConsentText, BoundField]]:
        """Each text with its choice field."""
        return [(one, self[_name(one)]) for one in self.texts]

    def signature_fields(self) -> list[BoundField]:
        """The fields below the texts."""
        return [self[name] for name in ("signer_role", "signer_name", "witness_name")]

    def clean(self) -> dict[str, Any]:
        """Collect the choices as `decisions`: type → status."""
        data = super().clean() or {}
        if self.errors:
            return data
        return data | {"decisions": {one.consent_type: data.pop(_name(one)) for one in self.texts}}


def _name(text: ConsentText) -> str:
    return f"choice_{text.consent_type}"
