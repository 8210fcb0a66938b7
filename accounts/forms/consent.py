"""Forms of the consent ledger."""

from django import forms

from accounts.models import ConsentEntry


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
