"""Serializers for the goals of a note, and for what is missing."""

from typing import Any

from rest_framework import serializers

from therapybridge.core.api.serializers import BoundedListField, ComposedField, StrictSerializer
from treatment.thread.choices import GapKind
from treatment.thread.services.links import MAX_REASON, MOST


class NoteGoalsSerializer(serializers.Serializer[Any]):
    """The goals that a note serves, or why it serves none; neither, if nobody has said."""

    goals = serializers.ListField(child=serializers.UUIDField(), read_only=True)
    reason = serializers.CharField(read_only=True, allow_null=True)


class SetGoalsSerializer(StrictSerializer):
    """Either `goals` or `reason`; neither takes back what was said."""

    goals = BoundedListField(child=serializers.UUIDField(), required=False, max_length=MOST)
    reason = ComposedField(required=False, allow_blank=True, max_length=MAX_REASON)


class GapSerializer(serializers.Serializer[Any]):
    """Something that is missing; `id` is that of the goal, note, plan or assigned questionnaire."""

    kind = serializers.ChoiceField(GapKind.choices, read_only=True)
    id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(source="patient.pk", read_only=True)
    since = serializers.DateField(read_only=True, help_text="The day from which it is missing, or was due.")


class GapsSerializer(serializers.Serializer[Any]):
    """What is missing, the oldest first."""

    gaps = GapSerializer(many=True, read_only=True)
