"""The form of an import."""

from django import forms


class UploadForm(forms.Form):
    """A full record as JSON."""

    file = forms.FileField(
        label="Full record (JSON)",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
        help_text="The file of an export “Full record” as JSON, from this or another TherapyBridge; at most 50 MB.",
    )
