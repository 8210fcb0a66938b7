"""The form of a schedule."""

from typing import Any

from django import forms

from accounts.rights.choices import Basis
from exports.choices import ExportFormat, ExportKind
from exports.jobs.services.requests import MAX_WORDS
from exports.layouts.models import ExportLayout
from exports.schedules.choices import Recurrence
from therapybridge.core.pages.forms import ComposedField


class ScheduleForm(forms.Form):
    """What is exported how often, from when on, and for whom and why."""

    kind = forms.ChoiceField(label="What", choices=ExportKind.choices)
    format = forms.ChoiceField(label="As", choices=ExportFormat.choices)
    rhythm = forms.ChoiceField(label="How often", choices=Recurrence.choices, initial=Recurrence.MONTHLY)
    first_day = forms.DateField(
        label="First on",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="At six in the morning of your time zone. Each covers the days since the one before it; "
        "a full record and a treatment summary always hold everything.",
    )
    recipient = ComposedField(label="For whom", max_length=MAX_WORDS)
    purpose = ComposedField(label="Why", max_length=MAX_WORDS)
    basis = forms.ChoiceField(label="Legal basis", choices=Basis.choices)
    layout: Any = forms.ModelChoiceField(
        ExportLayout.objects.none(), required=False, empty_label="The usual one", label="Layout of the document"
    )

    def __init__(self, *args: Any, layouts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["layout"].queryset = layouts  # type: ignore[attr-defined]

    def clean_layout(self) -> Any:
        """Its key."""
        layout = self.cleaned_data["layout"]
        return layout.pk if layout else None
