"""Forms of trackers and check-ins; the services check what is sent."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from therapybridge.core.pages.forms import DATE, LinesField, TidyField
from treatment.instruments import INSTRUMENTS
from treatment.models import Tracker
from treatment.tracking.choices import Better, Rhythm, TrackerKind
from treatment.tracking.services.check_ins import MOODS
from treatment.tracking.services.entries import MAX_NOTE
from treatment.tracking.services.trackers import MAX_QUESTION, MAX_UNIT

VALUE = "value_"
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
YES_OR_NO = [(1, "Yes"), (0, "No")]
FEW = 11  # as many steps of a scale are shown as buttons


# Fields that mean something for one kind or rhythm only: that one, and what they are without it.
KIND_FIELDS: dict[str, tuple[str, str, Any]] = {
    "lowest": ("kind", TrackerKind.SCALE, None),
    "highest": ("kind", TrackerKind.SCALE, None),
    "instrument": ("kind", TrackerKind.MEASURE, ""),
}
RHYTHM_FIELDS: dict[str, tuple[str, str, Any]] = {"every_days": ("rhythm", Rhythm.CUSTOM, None)}
# What is shown of a questionnaire is assigned, asked and scored elsewhere.
OF_MEASURE = {"unit": "", "better": Better.HIGHER, "rhythm": Rhythm.SESSION, "every_days": None}
NOT_ASKED = {"asks_patient": False, "sends_reminders": False, "moves_goal": False}


def _without_others(given: dict[str, Any], fields: dict[str, tuple[str, str, Any]]) -> dict[str, Any]:
    others = {name: empty for name, (chooser, value, empty) in fields.items() if given.get(chooser) != value}
    if given.get("kind") == TrackerKind.MEASURE:
        others |= OF_MEASURE | NOT_ASKED
    if given.get("kind") == TrackerKind.BINARY:
        others["unit"] = ""
    is_asked_for = given.get("asks_patient") and given.get("rhythm") != Rhythm.SESSION
    return given | others | ({} if is_asked_for else {"sends_reminders": False})


class TrackerForm(forms.Form):
    """Something new to be tracked."""

    question = TidyField(
        label="Question",
        max_length=MAX_QUESTION,
        help_text="As the patient reads it, with the ends of a scale: How rested are you, from 0 (not at all) to 10?",
    )
    kind = forms.ChoiceField(choices=TrackerKind.choices, label="What the answer is", widget=forms.RadioSelect)
    lowest = forms.IntegerField(label="Scale from", required=False)
    highest = forms.IntegerField(label="Scale to", required=False)
    instrument = forms.ChoiceField(
        label="Questionnaire",
        required=False,
        choices=[("", "None"), *((one.key, one.name) for one in INSTRUMENTS.values())],
    )
    unit = TidyField(label="Unit", required=False, max_length=MAX_UNIT, help_text="Such as minutes or glasses.")
    better = forms.ChoiceField(choices=Better.choices, label="Which way is better", widget=forms.RadioSelect)
    rhythm = forms.ChoiceField(choices=Rhythm.choices, label="How often")
    every_days = forms.IntegerField(label="After how many days", required=False, min_value=1, max_value=90)
    asks_patient = forms.BooleanField(label="Ask the patient in the portal", required=False, initial=True)
    sends_reminders = forms.BooleanField(label="Remind the patient by e-mail when an answer is due", required=False)
    moves_goal = forms.BooleanField(label="Use the newest value as the goal's current value", required=False)

    def clean(self) -> dict[str, Any]:
        """Without what the page offers for other kinds and rhythms, filled in or not."""
        return _without_others(super().clean() or {}, KIND_FIELDS | RHYTHM_FIELDS)


class ChangeTrackerForm(forms.Form):
    """What of a tracker can be changed, on top of the revision that was read."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    question = TidyField(label="Question", max_length=MAX_QUESTION)
    rhythm = forms.ChoiceField(choices=Rhythm.choices, label="How often")
    every_days = forms.IntegerField(label="After how many days", required=False, min_value=1, max_value=90)
    asks_patient = forms.BooleanField(label="Ask the patient in the portal", required=False)
    sends_reminders = forms.BooleanField(label="Remind the patient by e-mail when an answer is due", required=False)
    moves_goal = forms.BooleanField(label="Use the newest value as the goal's current value", required=False)

    def __init__(self, *args: Any, tracker: Tracker, **kwargs: Any) -> None:
        held = {name: getattr(tracker, name) for name in self.base_fields}
        super().__init__(*args, **{"initial": held} | kwargs)
        if tracker.kind == TrackerKind.MEASURE:
            self.fields = {name: self.fields[name] for name in ("revision", "question")}

    def clean(self) -> dict[str, Any]:
        """Without the days of another rhythm, and reminders of what is not asked."""
        given = super().clean() or {}
        return _without_others(given, RHYTHM_FIELDS) if "rhythm" in self.fields else given


class EndForm(forms.Form):
    """That nothing is asked any more."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class RemindersForm(forms.Form):
    """Whether and when the patient is reminded."""

    wants_reminders = forms.BooleanField(label="Remind me by e-mail when an answer is due", required=False)
    quiet_from = forms.TimeField(label="No e-mails from", widget=CLOCK)
    quiet_until = forms.TimeField(
        label="Until", widget=CLOCK, help_text="The same time twice: there are no quiet hours."
    )


class EntryForm(forms.Form):
    """A value that the therapist enters."""

    day = forms.DateField(label="Day", widget=DATE)
    note = LinesField(label="Note", required=False, max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, tracker: Tracker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"value": _value(tracker)} | self.fields


class CheckInForm(forms.Form):
    """One question for each tracker, a mood and a note; all may be left out, but not all at once."""

    mood = forms.TypedChoiceField(
        label="How are you today? 1 is very bad, 10 is very good.",
        choices=[(number, str(number)) for number in MOODS],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    note = LinesField(
        label="Anything you would like your therapist to read?",
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, trackers: Sequence[Tracker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {f"{VALUE}{tracker.pk}": _question(tracker) for tracker in trackers}
        self.fields = asked | self.fields

    def clean(self) -> dict[str, Any]:
        """Gather the values by tracker."""
        given = dict(super().clean() or {})
        names = [name for name in given if name.startswith(VALUE)]
        values = {UUID(name.removeprefix(VALUE)): given.pop(name) for name in names}
        return given | {"values": {key: value for key, value in values.items() if value is not None}}


def _question(tracker: Tracker) -> forms.Field:
    label = f"{tracker.question} ({tracker.unit})" if tracker.unit else tracker.question
    if tracker.kind == TrackerKind.BINARY:
        return _choice(label, YES_OR_NO)
    if tracker.kind == TrackerKind.SCALE:
        steps = range(int(tracker.lowest or 0), int(tracker.highest or 0) + 1)
        if len(steps) <= FEW:
            return _choice(label, [(step, str(step)) for step in steps])
        return forms.FloatField(label=label, required=False, min_value=steps[0], max_value=steps[-1])
    return forms.FloatField(label=label, required=False, min_value=0)


def _value(tracker: Tracker) -> forms.Field:
    """What a therapist enters: one line, however long the scale is."""
    if tracker.kind == TrackerKind.BINARY:
        field = _choice("Value", YES_OR_NO)
        field.required = True
        return field
    ends = (int(tracker.lowest or 0), int(tracker.highest or 0)) if tracker.kind == TrackerKind.SCALE else (0, None)
    told = f"From {ends[0]} to {ends[1]}." if tracker.kind == TrackerKind.SCALE else ""
    label = f"Value, in {tracker.unit}" if tracker.unit else "Value"
    return forms.FloatField(label=label, min_value=ends[0], max_value=ends[1], help_text=told)


def _choice(label: str, choices: list[tuple[int, str]]) -> forms.Field:
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=float, empty_value=None, required=False, widget=forms.RadioSelect
    )
