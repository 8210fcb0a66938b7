"""Forms of notes: they check the input's form, the services the rules."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms

from accounts.care.access import RecordAccess
from accounts.models import User
from sessions_app.action_items.services.telling import MAX_TOLD
from sessions_app.models import AmendmentRequest, NoteTemplate, TherapySession
from sessions_app.notes.choices import (
    AddendumKind,
    Approach,
    DenialGround,
    Density,
    Quotation,
    WithholdingException,
)
from sessions_app.notes.services.amendments import MAX_TEXT as MAX_AMENDMENT
from sessions_app.notes.services.private import MAX_PRIVATE
from sessions_app.notes.services.release import MAX_WHY, Grounds
from sessions_app.notes.services.signing import MAX_ADDENDUM, MAX_REASON
from sessions_app.notes.services.style import MAX_WORDING
from sessions_app.notes.services.summaries import MAX_SUMMARY
from sessions_app.pipeline.note_templates.definition import Definition, TemplateField
from sessions_app.pipeline.note_templates.values import MAX_TEXT
from therapybridge.core.dates import day
from therapybridge.core.pages.forms import DATE, ComposedField, IdsField, LinesField


class DecisionForm(forms.Form):
    """The version of the draft whose statement is decided about."""

    draft = forms.IntegerField(min_value=1)


class SummaryForm(forms.Form):
    """What the patient will read."""

    text = LinesField(max_length=MAX_SUMMARY, widget=forms.Textarea(attrs={"rows": 7}))
    version = forms.CharField(required=False, empty_value=None, widget=forms.HiddenInput)
    items = IdsField(required=False, most=MAX_TOLD)  # the action items that the page listed

    def __init__(self, *args: Any, patient: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = patient.first_name
        self.fields["text"].label = f"What {name or 'the patient'} will read"
        self.fields["text"].help_text = (
            f"{name or 'The patient'} reads this only once it is shared. "
            f"Speak to {name or 'the patient'} directly and plainly."
        )


class DeclineForm(SummaryForm):
    """The same form, sent by the button that does not share it: a text is kept, and none is needed."""

    def __init__(self, *args: Any, patient: User, **kwargs: Any) -> None:
        super().__init__(*args, patient=patient, **kwargs)
        self.fields["text"].required = False
        del self.fields["items"]


class WithdrawForm(forms.Form):
    """The version of the summary that was read."""

    version = forms.CharField(required=False, empty_value=None, widget=forms.HiddenInput)


class NewNoteForm(forms.Form):
    """The template that a note is written with."""

    template = forms.ModelChoiceField(NoteTemplate.objects.none(), empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        templates = NoteTemplate.objects.visible_to(user).in_use()
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """The fields of a template. `values` are those of the fields that were sent, as the service takes them."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.fields |= {name_of(field.id): _form_field(field) for field in definition.all_fields}

    @property
    def values(self) -> dict[str, Any]:
        """Values by field id; unticked boxes are False."""
        found = {field.id: (field, self.cleaned_data.get(name_of(field.id))) for field in self.definition.all_fields}
        return {key: _plain(field, value) for key, (field, value) in found.items()}


def name_of(field_id: str) -> str:
    """The name in the form: a template may call its field `revision`."""
    return f"field-{field_id}"


def _plain(field: TemplateField, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if field.type == "multiselect" else value


def _form_field(field: TemplateField) -> forms.Field:
    shown: dict[str, Any] = {"label": field.label, "help_text": field.help, "required": False}
    hint = {"placeholder": field.placeholder} if field.placeholder else {}
    choices = [(option, option) for option in field.options]
    numbers: dict[str, Any] = {"min_value": field.minimum, "max_value": field.maximum}
    makers: dict[str, Callable[[], forms.Field]] = {
        "text": lambda: forms.CharField(
            max_length=MAX_TEXT["text"], strip=False, widget=forms.TextInput(attrs=hint), **shown
        ),
        "textarea": lambda: LinesField(
            max_length=MAX_TEXT["textarea"], strip=False, widget=forms.Textarea(attrs={"rows": 4, **hint}), **shown
        ),
        "select": lambda: forms.ChoiceField(choices=[("", "Not assessed"), *choices], **shown),
        "multiselect": lambda: forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **shown),
        "checkbox": lambda: forms.BooleanField(**shown),
        "number": lambda: forms.FloatField(**numbers, **shown),
        "scale": lambda: forms.FloatField(**numbers, **shown),
        "date": lambda: forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **shown),
    }
    return makers[field.type]()


class ReviewDateForm(forms.Form):
    """When a withheld note is looked at again."""

    review_date = forms.DateField(label="Look at it again on", widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Two forms of the signed note's page have fields of one name.
        super().__init__(*args, **{"auto_id": "review_%s"} | kwargs)


class WithholdForm(forms.Form):
    """On which ground a note is withheld from its patient, why, and until when that is looked at again."""

    exception = forms.ChoiceField(choices=WithholdingException.choices, label="Ground")
    reason = LinesField(
        max_length=MAX_WHY,
        label="Why",
        help_text="The patient never reads this.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    review_date = forms.DateField(label="Look at it again on", help_text="Within a year.", widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "withhold_%s"} | kwargs)


class SignForm(WithholdForm):
    """The revision that is signed, and whether the note is withheld. Its data are what `sign_note` takes."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    field_order = ("revision",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("exception", "reason", "review_date"):
            self.fields[name].required = False
        self.fields["exception"].choices = [  # type: ignore[attr-defined]
            ("", "Not withheld: the patient can read it"),
            *WithholdingException.choices,
        ]

    def clean(self) -> dict[str, Any]:
        """Whoever fills in one of the three fields means to withhold the note, and has to fill in all."""
        given = {name: self.cleaned_data.get(name) for name in ("exception", "reason", "review_date")}
        wants = any(given.values()) or any(name in self.errors for name in given)
        for name, value in given.items():
            if wants and not value and name not in self.errors:
                self.add_error(name, "This is needed to withhold the note.")
        grounds = Grounds(**given) if wants and not self.errors else None  # type: ignore[arg-type]
        return {"base": self.cleaned_data.get("revision"), "withhold": grounds}


class AddendumForm(forms.Form):
    """An addition to a signed note."""

    kind = forms.ChoiceField(choices=AddendumKind.choices, label="What it is")
    reason = ComposedField(max_length=MAX_REASON, label="Why it is added now")
    text = LinesField(max_length=MAX_ADDENDUM, widget=forms.Textarea(attrs={"rows": 6}), label="Text")


class AskAmendmentForm(forms.Form):
    """What a patient wants corrected in a note."""

    text = LinesField(
        label="What should be corrected, and how?",
        max_length=MAX_AMENDMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class _AmendmentForm(forms.Form):
    """About one of several requests on a page."""

    def __init__(self, *args: Any, asked: AmendmentRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.auto_id = asked, f"%s-{asked.pk}"


class AcceptAmendmentForm(_AmendmentForm):
    """The addendum that corrects the note."""

    text = LinesField(label="Text of the addendum", max_length=MAX_ADDENDUM, widget=forms.Textarea(attrs={"rows": 4}))


class DenyAmendmentForm(_AmendmentForm):
    """Why a correction is denied."""

    ground = forms.ChoiceField(choices=DenialGround.choices, label="Ground")
    answer = LinesField(
        label="Answer to the patient",
        max_length=MAX_AMENDMENT,
        help_text="The patient reads it, with the ground.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ExtendAmendmentForm(_AmendmentForm):
    """Why the answer is put off."""

    reason = LinesField(
        label="Why it takes longer",
        max_length=MAX_AMENDMENT,
        help_text="The patient reads it, with the new date.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DisputeForm(_AmendmentForm):
    """A patient's statement of disagreement."""

    statement = LinesField(label="Your statement", max_length=MAX_AMENDMENT, widget=forms.Textarea(attrs={"rows": 4}))


class DeleteNoteForm(forms.Form):
    """Why a draft is deleted."""

    reason = ComposedField(max_length=MAX_REASON, label="Why it is deleted")


class ArchiveForm(forms.Form):
    """Why a signed note is filed away, or taken out of the archive, and the revision that was read."""

    base = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = ComposedField(max_length=MAX_REASON, label="Why")


class StyleForm(forms.Form):
    """How drafts of one's own sessions are written."""

    modality = forms.ChoiceField(
        label="You work with",
        choices=[("", "No particular school"), *Approach.choices],
        required=False,
        help_text="A draft may use its terms for what the session shows, and adds nothing.",
    )
    density = forms.ChoiceField(label="How much", choices=Density.choices, widget=forms.RadioSelect)
    quotation = forms.ChoiceField(
        label="Sentences of the patient that are quoted", choices=Quotation.choices, widget=forms.RadioSelect
    )
    wording = LinesField(
        label="Your wording",
        required=False,
        max_length=MAX_WORDING,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "Write “client”, not “patient”. No abbreviations."}),
        help_text="Wishes about words only. They go into every prompt, so write nothing about a patient.",
    )


class NewPrivateNoteForm(forms.Form):
    """A private note, on one of the patient's sessions or on none."""

    text = LinesField(label="New private note", max_length=MAX_PRIVATE, widget=forms.Textarea(attrs={"rows": 6}))
    session = forms.ModelChoiceField(TherapySession.objects.none(), required=False, empty_label="No session")

    def __init__(self, *args: Any, access: RecordAccess, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sessions = TherapySession.objects.visible_to(access.user).filter(patient=access.patient)
        self.fields["session"].queryset = sessions  # type: ignore[attr-defined]
        self.fields["session"].label_from_instance = _title_and_day  # type: ignore[attr-defined]


class PrivateNoteForm(forms.Form):
    """The text of a private note, and the revision that it was written on."""

    text = LinesField(label="Your note", max_length=MAX_PRIVATE, widget=forms.Textarea(attrs={"rows": 12}))
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


def _title_and_day(session: TherapySession) -> str:
    return f"{session.title}, {day(session.session_date)}"
