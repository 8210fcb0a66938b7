"""Serializers for action items: one for therapists, one for what their patients read."""

from typing import Any

from rest_framework import serializers

from sessions_app.action_items.services.changes import MAX_REASON
from sessions_app.models import ActionItem
from therapybridge.core.api.serializers import ComposedField, StrictSerializer


class AgreedStepSerializer(serializers.Serializer[Any]):
    """An action item as its patient reads it, for whom all other fields are left out."""

    id = serializers.UUIDField(source="pk", read_only=True)
    task = serializers.CharField(read_only=True)
    assigned_to = serializers.ChoiceField(ActionItem.Assignees.choices, read_only=True)
    status = serializers.ChoiceField(ActionItem.Status.choices, read_only=True)
    session_title = serializers.CharField(read_only=True)
    session_date = serializers.DateTimeField(read_only=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)


class ActionItemSerializer(AgreedStepSerializer):
    """An action item; `segments` are the lines that it rests on, `reason` says why it was dropped."""

    session_title = serializers.CharField(source="session.title", read_only=True)
    session_date = serializers.DateTimeField(source="session.session_date", read_only=True)
    details = serializers.CharField(read_only=True, allow_null=True, required=False)
    reason = serializers.CharField(read_only=True, allow_null=True, required=False)
    session_id = serializers.UUIDField(read_only=True, required=False)
    patient_id = serializers.UUIDField(read_only=True, required=False)
    segments = serializers.ListField(child=serializers.IntegerField(), read_only=True, required=False)
    is_for_patient = serializers.BooleanField(
        read_only=True,
        required=False,
        help_text="Whether the patient may be told of it when the summary of its session is shared.",
    )
    changed_by_id = serializers.UUIDField(read_only=True, allow_null=True, required=False)
    created_at = serializers.DateTimeField(read_only=True, required=False)
    updated_at = serializers.DateTimeField(read_only=True, required=False)
    revision = serializers.IntegerField(read_only=True, required=False)


class ChangeItemSerializer(StrictSerializer):
    """What changes; whoever drops an item gives the `reason`."""

    status = serializers.ChoiceField(ActionItem.Status.choices, required=False)
    assigned_to = serializers.ChoiceField(ActionItem.Assignees.choices, required=False)
    reason = ComposedField(required=False, max_length=MAX_REASON)
