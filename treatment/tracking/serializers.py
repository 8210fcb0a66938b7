"""Serializers for trackers, entries and check-ins."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from therapybridge.core.api.serializers import ComposedField, StrictSerializer
from treatment.instruments import INSTRUMENTS
from treatment.tracking.choices import Rhythm, TrackerKind
from treatment.tracking.services.check_ins import MOODS
from treatment.tracking.services.entries import MAX_NOTE
from treatment.tracking.services.reminders import first_time
from treatment.tracking.services.trackers import MAX_QUESTION, MAX_UNIT

CLOCK = "%H:%M"
MAX_KEY = 64  # characters
MAX_VALUES = 20


class TrackerSerializer(serializers.Serializer[Any]):
    """A number that is followed for a goal."""

    id = serializers.UUIDField(source="pk", read_only=True)
    goal_id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(TrackerKind.choices, read_only=True)
    rhythm = serializers.ChoiceField(Rhythm.choices, read_only=True)
    every_days = serializers.IntegerField(read_only=True, allow_null=True)
    better = serializers.ChoiceField(["lower", "higher"], read_only=True)
    question = serializers.CharField(read_only=True)
    unit = serializers.CharField(read_only=True)
    lowest = serializers.FloatField(read_only=True, allow_null=True)
    highest = serializers.FloatField(read_only=True, allow_null=True)
    instrument = serializers.CharField(read_only=True)
    asks_patient = serializers.BooleanField(read_only=True)
    sends_reminders = serializers.BooleanField(read_only=True)
    moves_goal = serializers.BooleanField(read_only=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    revision = serializers.IntegerField(read_only=True)


class ChangeTrackerSerializer(StrictSerializer):
    """What of a tracker can be changed."""

    question = ComposedField(max_length=MAX_QUESTION, required=False)
    rhythm = serializers.ChoiceField(Rhythm.choices, required=False)
    every_days = serializers.IntegerField(min_value=1, max_value=90, required=False, allow_null=True)
    asks_patient = serializers.BooleanField(required=False)
    sends_reminders = serializers.BooleanField(required=False)
    moves_goal = serializers.BooleanField(required=False)


class AddTrackerSerializer(ChangeTrackerSerializer):
    """A new tracker."""

    kind = serializers.ChoiceField(TrackerKind.choices)
    question = ComposedField(max_length=MAX_QUESTION)
    better = serializers.ChoiceField(["lower", "higher"], required=False)
    unit = ComposedField(max_length=MAX_UNIT, required=False, allow_blank=True)
    lowest = serializers.IntegerField(required=False, allow_null=True)
    highest = serializers.IntegerField(required=False, allow_null=True)
    instrument = serializers.ChoiceField([(one.key, one.name) for one in INSTRUMENTS.values()], required=False)


class EntrySerializer(serializers.Serializer[Any]):
    """The value of a day."""

    id = serializers.UUIDField(source="pk", read_only=True)
    day = serializers.DateField(read_only=True)
    value = serializers.FloatField(read_only=True)
    note = serializers.CharField(read_only=True, required=False)
    check_in_id = serializers.UUIDField(read_only=True, allow_null=True, required=False)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True, required=False)


class OwnEntrySerializer(serializers.Serializer[Any]):
    """The value of a day as its patient reads it: what a therapist wrote beside it is left out."""

    id = serializers.UUIDField(source="pk", read_only=True)
    day = serializers.DateField(read_only=True)
    value = serializers.FloatField(read_only=True)


class AddEntrySerializer(StrictSerializer):
    """A value that a therapist enters."""

    value = serializers.FloatField()
    day = serializers.DateField()
    note = ComposedField(max_length=MAX_NOTE, required=False, allow_blank=True)


class PointSerializer(serializers.Serializer[Any]):
    """A day and its value."""

    day = serializers.DateField(read_only=True)
    value = serializers.FloatField(read_only=True)


class SeriesSerializer(serializers.Serializer[Any]):
    """The newest values of a tracker, oldest first; `trend` compares them by the rule of the whole product."""

    tracker_id = serializers.UUIDField(source="tracker.pk", read_only=True)
    points = PointSerializer(many=True, read_only=True)
    trend = serializers.ChoiceField(["better", "worse", "steady", "unknown"], source="trend.direction", read_only=True)
    current_streak = serializers.IntegerField(source="streak.current", read_only=True, help_text="In days.")
    longest_streak = serializers.IntegerField(source="streak.longest", read_only=True, help_text="In days.")
    mean = serializers.FloatField(read_only=True, allow_null=True)
    lowest = serializers.FloatField(read_only=True, allow_null=True)
    highest = serializers.FloatField(read_only=True, allow_null=True)


class CheckInSerializer(serializers.Serializer[Any]):
    """What a patient sent at once."""

    id = serializers.UUIDField(source="pk", read_only=True)
    day = serializers.DateField(read_only=True)
    mood = serializers.IntegerField(read_only=True, allow_null=True)
    note = serializers.CharField(read_only=True)
    values = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)

    def get_values(self, row: Any) -> dict[str, float]:
        """Each value by its tracker."""
        return {str(entry.tracker_id): entry.value for entry in row.entries.all()}


class SendCheckInSerializer(StrictSerializer):
    """A check-in; `sent_key` is new for each, and repeated when the same one is sent again."""

    sent_key = serializers.RegexField(r"^[\x21-\x7e]+$", max_length=MAX_KEY)
    values = serializers.DictField(child=serializers.FloatField(), required=False)
    mood = serializers.IntegerField(min_value=MOODS[0], max_value=MOODS[-1], required=False, allow_null=True)
    note = ComposedField(max_length=MAX_NOTE, required=False, allow_blank=True)
    day = serializers.DateField(required=False, help_text="One of the last seven days; without it, today.")

    def validate_values(self, given: dict[str, float]) -> dict[Any, float]:
        """Values by tracker."""
        if len(given) > MAX_VALUES:
            raise serializers.ValidationError(f"At most {MAX_VALUES} values.")
        key = serializers.UUIDField()
        return {key.to_internal_value(name): value for name, value in given.items()}


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"})
class ClockField(serializers.TimeField):
    """A time of any day, such as 08:30; what JSON Schema calls a time has seconds and an offset."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format=CLOCK, input_formats=[CLOCK], **kwargs)


class RemindersSerializer(StrictSerializer):
    """Reminders of check-ins: one e-mail a day at most, from `sent_from` on and in no quiet hour, in the patient's time
    zone. Quiet hours may go over midnight; there are none, if they end when they start.
    """

    wants_reminders = serializers.BooleanField()
    quiet_from = ClockField()
    quiet_until = ClockField()
    sent_from = serializers.SerializerMethodField()
    time_zone = serializers.CharField(source="patient.zone.key", read_only=True)

    def get_sent_from(self, row: Any) -> str:
        """Such as 17:00."""
        return first_time(row.quiet_from, row.quiet_until).isoformat("minutes")
