"""Serializers for corrections that patients ask for."""

from typing import Any

from rest_framework import serializers

from sessions_app.models import AmendmentRequest
from sessions_app.notes.services.amendments import MAX_TEXT
from sessions_app.notes.services.signing import MAX_ADDENDUM
from therapybridge.core.api.serializers import ComposedField, StrictSerializer


class AmendmentSerializer(serializers.Serializer[Any]):
    """A request for a correction with its answer; a denied one may have the patient's `statement` of disagreement."""

    id = serializers.UUIDField(read_only=True)
    note_id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    status = serializers.ChoiceField(AmendmentRequest.Status.choices, read_only=True)
    text = serializers.CharField(read_only=True)
    asked_at = serializers.DateTimeField(source="created_at", read_only=True)
    due_date = serializers.DateField(read_only=True)
    extension_reason = serializers.CharField(read_only=True, allow_null=True)
    answered_at = serializers.DateTimeField(read_only=True, allow_null=True)
    addendum_id = serializers.UUIDField(read_only=True, allow_null=True)
    ground = serializers.ChoiceField([("", "None"), *AmendmentRequest.Grounds.choices], read_only=True)
    answer = serializers.CharField(read_only=True, allow_null=True)
    statement = serializers.CharField(read_only=True, allow_null=True)
    statement_at = serializers.DateTimeField(read_only=True, allow_null=True)


class AskAmendmentSerializer(StrictSerializer):
    """What a patient wants corrected."""

    text = ComposedField(max_length=MAX_TEXT)


class AcceptAmendmentSerializer(StrictSerializer):
    """The addendum that corrects the note."""

    text = ComposedField(max_length=MAX_ADDENDUM)


class DenyAmendmentSerializer(StrictSerializer):
    """On which ground it is denied, and why; the patient reads both."""

    ground = serializers.ChoiceField(AmendmentRequest.Grounds.choices)
    answer = ComposedField(max_length=MAX_TEXT)


class ExtendAmendmentSerializer(StrictSerializer):
    """Why the answer is put off; the patient reads it."""

    reason = ComposedField(max_length=MAX_TEXT)


class DisputeSerializer(StrictSerializer):
    """The patient's statement of disagreement."""

    statement = ComposedField(max_length=MAX_TEXT)
