"""Serializers for questionnaires; patients get fewer fields, and no bands."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from therapybridge.core.api.serializers import BoundedListField, ComposedField, StrictSerializer
from therapybridge.core.errors import InvalidInput
from treatment.instruments import INSTRUMENTS
from treatment.measures.choices import AssignmentStatus, FilledBy
from treatment.measures.services.withdrawing import MAX_REASON, MIN_REASON

MOST_ANSWERS = 100
KEYS = [(one.key, one.name) for one in INSTRUMENTS.values()]
SENT_KEY = r"^[A-Za-z0-9_-]{8,64}$"
SENT_KEY_HELP = "Made by the sender, 8 to 64 letters, digits, - or _: what is sent twice with it counts once."


class InstrumentRowSerializer(serializers.Serializer[Any]):
    """A questionnaire. Of one that is `is_entry_only`, only the total can be sent: its text belongs to others."""

    key = serializers.CharField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    name = serializers.CharField(read_only=True)
    plain_name = serializers.CharField(read_only=True)
    is_entry_only = serializers.BooleanField(read_only=True)
    lowest = serializers.SerializerMethodField()
    highest = serializers.SerializerMethodField()
    better = serializers.ChoiceField(["lower", "higher"], read_only=True)
    licence = serializers.CharField(read_only=True)
    source = serializers.CharField(read_only=True)  # type: ignore[assignment]  # as the field is called

    def get_lowest(self, instrument: Any) -> int:
        """The lowest possible total."""
        return int(instrument.range[0])

    def get_highest(self, instrument: Any) -> int:
        """The highest possible total."""
        return int(instrument.range[1])


class InstrumentsSerializer(serializers.Serializer[Any]):
    """All of them on one page, in the envelope of every list."""

    results = InstrumentRowSerializer(many=True, read_only=True)
    next = serializers.CharField(read_only=True, allow_null=True)
    next_cursor = serializers.CharField(read_only=True, allow_null=True)
    previous = serializers.CharField(read_only=True, allow_null=True)
    total_count = serializers.IntegerField(read_only=True)


class OptionSerializer(serializers.Serializer[Any]):
    """One of the answers that every item offers."""

    value = serializers.IntegerField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]


class InstrumentSerializer(InstrumentRowSerializer):
    """A questionnaire with its items, numbered from 1. At most `most_missing` may be left out, `risk_item` never."""

    instruction = serializers.CharField(read_only=True)
    items = serializers.ListField(child=serializers.CharField(), read_only=True)
    options = OptionSerializer(many=True, read_only=True)
    most_missing = serializers.IntegerField(read_only=True)
    risk_item = serializers.IntegerField(read_only=True, allow_null=True)


class ItemAnswerSerializer(StrictSerializer):
    """The answer to the item with this number; null if it was left out."""

    item = serializers.IntegerField(min_value=1, max_value=MOST_ANSWERS)
    value = serializers.IntegerField(min_value=0, max_value=MOST_ANSWERS, allow_null=True)


def answers_of(rows: list[dict[str, Any]]) -> dict[int, int | None]:
    """The answers by item; InvalidInput for two answers to one."""
    found = {row["item"]: row["value"] for row in rows}
    if len(found) < len(rows):
        raise InvalidInput(errors={"answers": ["Send one answer for each item."]})
    return found


class AnswersSerializer(StrictSerializer):
    """The answers to an assigned questionnaire."""

    answers = BoundedListField(child=ItemAnswerSerializer(), max_length=MOST_ANSWERS)
    sent_key = serializers.RegexField(SENT_KEY, required=False, help_text=SENT_KEY_HELP)


class TakeSerializer(StrictSerializer):
    """A filled-in questionnaire: answers, or the total of one that is licensed to others."""

    instrument = serializers.ChoiceField(KEYS)
    answers = BoundedListField(child=ItemAnswerSerializer(), max_length=MOST_ANSWERS, required=False)
    total = serializers.IntegerField(min_value=0, max_value=1_000, required=False)
    taken_date = serializers.DateField(required=False, help_text="A day of the clinic; today, unless it is given.")
    session = serializers.UUIDField(required=False)
    sent_key = serializers.RegexField(SENT_KEY, required=False, help_text=SENT_KEY_HELP)


class ChangeSerializer(serializers.Serializer[Any]):
    """A difference in points, how many it takes to be reliable, and what that says (Jacobson and Truax 1991)."""

    difference = serializers.IntegerField(read_only=True)
    needed = serializers.FloatField(read_only=True)
    verdict = serializers.ChoiceField(
        ["reliable improvement", "no reliable change", "reliable worsening"], read_only=True
    )


class OwnResultSerializer(serializers.Serializer[Any]):
    """A patient's own result."""

    id = serializers.UUIDField(read_only=True)
    assignment_id = serializers.UUIDField(read_only=True, allow_null=True)
    instrument = serializers.CharField(read_only=True)
    plain_name = serializers.SerializerMethodField()
    taken_date = serializers.DateField(read_only=True)
    total = serializers.IntegerField(source="outcome.total", read_only=True)
    lowest = serializers.SerializerMethodField()
    highest = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)

    def get_plain_name(self, result: Any) -> str:
        """What patients call it."""
        return INSTRUMENTS[result.instrument].plain_name

    def get_lowest(self, result: Any) -> int:
        """The lowest possible total."""
        return INSTRUMENTS[result.instrument].range[0]

    def get_highest(self, result: Any) -> int:
        """The highest possible total."""
        return INSTRUMENTS[result.instrument].range[1]

    @extend_schema_field(ItemAnswerSerializer(many=True))
    def get_answers(self, result: Any) -> list[dict[str, int | None]]:
        """The answers by item; empty where only the total was entered."""
        return [{"item": int(item), "value": value} for item, value in result.outcome["answers"].items()]


class ResultSerializer(OwnResultSerializer):
    """A result for therapists. `band` is null without published bands; `prorated` says that missing answers took the
    mean of the others. `subscales` are sums, and those in `endorsed` count as present. Patients get none of these.
    """

    patient_id = serializers.UUIDField(read_only=True, required=False)
    session_id = serializers.UUIDField(read_only=True, required=False, allow_null=True)
    instrument_version = serializers.IntegerField(read_only=True, required=False)
    filled_by = serializers.ChoiceField(FilledBy.choices, read_only=True, required=False)
    entered_by_id = serializers.UUIDField(read_only=True, required=False, allow_null=True)
    band = serializers.CharField(source="outcome.band", read_only=True, required=False, allow_null=True)
    prorated = serializers.BooleanField(source="outcome.prorated", read_only=True, required=False)
    subscales = serializers.DictField(
        source="outcome.subscales", child=serializers.IntegerField(), read_only=True, required=False
    )
    endorsed = serializers.ListField(
        source="outcome.endorsed", child=serializers.CharField(), read_only=True, required=False
    )
    withdrawn_at = serializers.DateTimeField(read_only=True, required=False, allow_null=True)
    withdrawn_by_id = serializers.UUIDField(read_only=True, required=False, allow_null=True)
    withdrawal_reason = serializers.CharField(read_only=True, required=False, allow_null=True)


class WithdrawSerializer(StrictSerializer):
    """Why it was a mistake."""

    reason = ComposedField(min_length=MIN_REASON, max_length=MAX_REASON)


class AssignmentSerializer(serializers.Serializer[Any]):
    """A questionnaire that was given out, due on a day of the clinic; the next day, it is overdue."""

    id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    schedule_id = serializers.UUIDField(read_only=True, allow_null=True)
    instrument = serializers.CharField(read_only=True)
    instrument_version = serializers.IntegerField(read_only=True)
    due_date = serializers.DateField(read_only=True)
    is_overdue = serializers.SerializerMethodField()
    status = serializers.ChoiceField(AssignmentStatus.choices, read_only=True)
    assigned_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)

    def get_is_overdue(self, assignment: Any) -> bool:
        """Whether it waits although it was due before today, the clinic's day in the context."""
        return bool(assignment.is_overdue(self.context["today"]))


class AssignSerializer(StrictSerializer):
    """Which questionnaire, and by when."""

    instrument = serializers.ChoiceField(KEYS)
    due_date = serializers.DateField()


class ScheduleSerializer(serializers.Serializer[Any]):
    """A questionnaire every so many days, until `ended_at`."""

    id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    instrument = serializers.CharField(read_only=True)
    every_days = serializers.IntegerField(read_only=True)
    next_due_date = serializers.DateField(read_only=True)
    set_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


class ScheduleBodySerializer(StrictSerializer):
    """Which questionnaire, how often, and when for the first time."""

    instrument = serializers.ChoiceField(KEYS)
    every_days = serializers.IntegerField(min_value=1, max_value=366)
    first_due_date = serializers.DateField()
