"""Forms of questionnaires; the services check what is sent."""

from typing import Any

from django import forms

from accounts.models import User
from sessions_app.models import TherapySession
from therapybridge.core.dates import day
from therapybridge.core.models import uuid7
from therapybridge.core.pages.forms import DATE, NOT_IN_PORTAL, LinesField
from treatment.instruments import INSTRUMENTS, RISK_ITEM_MISSING, Answers, Instrument
from treatment.measures.services.withdrawing import MAX_REASON

LATEST_SESSIONS = 10
ITEM = "item_"


class QuestionnaireForm(forms.Form):
    """The items of a questionnaire, one field each; the answers are in `cleaned_data["answers"]`."""

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(option.value, option.label) for option in instrument.options]
        for number, text in enumerate(instrument.items, start=1):
            self.fields[f"{ITEM}{number}"] = forms.TypedChoiceField(
                choices=choices,
                coerce=int,
                empty_value=None,
                required=number == instrument.risk_item,
                error_messages={"required": RISK_ITEM_MISSING},
                label=f"{number}. {text}",
                widget=forms.RadioSelect,
            )

    @property
    def item_fields(self) -> list[Any]:
        """The fields of the items."""
        return [self[name] for name in self.fields if name.startswith(ITEM)]

    @property
    def other_fields(self) -> list[Any]:
        """All other fields that are seen."""
        return [field for field in self.visible_fields() if not field.name.startswith(ITEM)]

    def clean(self) -> dict[str, Any]:
        """Gather the answers."""
        given = dict(super().clean() or {})
        answers: Answers = {
            int(name.removeprefix(ITEM)): given.pop(name, None) for name in self.fields if name.startswith(ITEM)
        }
        return given | {"answers": answers}


class TakeForm(QuestionnaireForm):
    """The same for therapists, with the day and the session; only the total of one that is licensed to others."""

    sent_key = forms.RegexField(r"^[A-Za-z0-9_-]{8,64}$", widget=forms.HiddenInput)
    taken_date = forms.DateField(label="Filled in on", widget=DATE)
    session = forms.ModelChoiceField(
        TherapySession.objects.none(), required=False, label="Session", empty_label="In no session"
    )

    def __init__(self, *args: Any, instrument: Instrument, patient: User, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, instrument=instrument, **kwargs)
        self.initial.setdefault("sent_key", uuid7().hex)
        if instrument.is_entry_only:
            lowest, highest = instrument.range
            self.fields["total"] = forms.IntegerField(
                label=f"Total of the {instrument.name}",
                min_value=lowest,
                max_value=highest,
                help_text=f"From {lowest} to {highest}.",
            )
        held = TherapySession.objects.visible_to(reader).filter(patient=patient).in_order()
        latest = held.values_list("pk")[:LATEST_SESSIONS]
        sessions: Any = self.fields["session"]
        sessions.queryset = TherapySession.objects.filter(pk__in=list(latest.values_list("pk", flat=True))).in_order()
        sessions.label_from_instance = lambda session: f"{session.title}, {day(session.session_date)}"


class AssignForm(forms.Form):
    """Which questionnaire, when, and how often."""

    instrument = forms.ChoiceField(
        label="Questionnaire",
        choices=[(one.key, f"{one.name} ({one.plain_name})") for one in INSTRUMENTS.values() if not one.is_entry_only],
        widget=forms.RadioSelect,
    )
    due_date = forms.DateField(label="Due", widget=DATE)
    every_days = forms.IntegerField(
        label="Again every … days",
        required=False,
        min_value=1,
        max_value=366,
        help_text="Leave it empty to ask once. 7 is every week.",
    )


class WithdrawForm(forms.Form):
    """Why it was a mistake."""

    reason = LinesField(
        label="Why it was a mistake",
        max_length=MAX_REASON,
        help_text=f"The result no longer counts. {NOT_IN_PORTAL}",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
