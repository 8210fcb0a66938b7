"""The form of an export; services enforce the rules."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet

from accounts.rights.choices import Basis
from exports.choices import ExportFormat, ExportKind, Extra
from exports.jobs.services.requests import MAX_WORDS
from therapybridge.core.pages.forms import DATE, ComposedField, LinesField

NO_AUTOFILL = {"autocomplete": "off"}
KINDS = {
    ExportKind.SESSION_NOTES: "Session notes: of a period, or of single sessions",
    ExportKind.TIMELINE: "Timeline: events of a period",
    ExportKind.PROGRESS_REPORT: "Progress report: what a period brought",
    ExportKind.TREATMENT_SUMMARY: "Treatment summary: diagnosis, plans, goals and results",
    ExportKind.FULL_RECORD: "Full record: everything",
}
FORMATS = {
    ExportFormat.PDF: "PDF, to print or send",
    ExportFormat.DOCX: "Word document",
    ExportFormat.CSV: "Tables (CSV), for a spreadsheet",
    ExportFormat.JSON: "JSON, for another TherapyBridge",
    ExportFormat.FHIR: "FHIR R4, for other health software",
}


OWN_FORMATS = {
    ExportFormat.PDF: "PDF, to read or print",
    ExportFormat.DOCX: "Word document",
    ExportFormat.CSV: "Tables (CSV)",
    ExportFormat.JSON: "JSON, as data",
    ExportFormat.FHIR: "FHIR, for other health software",
}


class OwnCopyForm(forms.Form):
    """As which file a patient wants a copy of their record."""

    format = forms.ChoiceField(
        label="As", choices=[*OWN_FORMATS.items()], widget=forms.RadioSelect, initial=ExportFormat.PDF
    )


class ExportForm(forms.Form):
    """What, as which file, for whom and why."""

    kind = forms.ChoiceField(label="What", choices=[*KINDS.items()], widget=forms.RadioSelect)
    start = forms.DateField(label="From", required=False, widget=DATE)
    end = forms.DateField(label="To", required=False, widget=DATE)
    sessions = forms.MultipleChoiceField(
        label="Only these sessions",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="For session notes. None chosen means all of the period, up to a hundred.",
    )
    format = forms.ChoiceField(
        label="File", choices=[*FORMATS.items()], widget=forms.RadioSelect, initial=ExportFormat.PDF
    )
    layout = forms.ChoiceField(label="Layout of the document", required=False)
    recipient = ComposedField(
        label="For whom",
        max_length=MAX_WORDS,
        widget=forms.TextInput(attrs=NO_AUTOFILL),
        help_text="Name and, if known, address. It is added to the list of who received the record.",
    )
    purpose = LinesField(label="Why", max_length=MAX_WORDS, widget=forms.Textarea(attrs={"rows": 2}))
    basis = forms.ChoiceField(
        label="Legal basis",
        choices=Basis.choices,
        initial=Basis.AUTHORISATION,
        help_text="Anybody outside the practice needs the patient's authorisation, treatment, payment, or a law that "
        "allows or requires it. The practice's own use is for the practice and its staff alone.",
    )
    extras = forms.MultipleChoiceField(label="Also include", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        *args: Any,
        sessions: Sequence[tuple[str, str]],
        layouts: QuerySet[Any],
        extras: Collection[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choices("sessions", list(sessions))
        self._choices("extras", [(one.value, one.label) for one in Extra if one in extras])
        named = [(str(one.pk), one.name) for one in layouts]
        self._choices("layout", [("", "The usual one"), *named] if named else [])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Without a choice there is no question."""
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def clean_sessions(self) -> list[UUID]:
        """As ids."""
        return [UUID(one) for one in self.cleaned_data["sessions"]]

    def clean_layout(self) -> UUID | None:
        """As an id; None for the usual one."""
        given = self.cleaned_data["layout"]
        return UUID(given) if given else None
