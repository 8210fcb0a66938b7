"""Serializers for exports."""

from typing import Any

from rest_framework import serializers

from accounts.rights.choices import Basis
from exports.choices import ExportFormat, ExportKind, ExportStatus, Extra
from exports.collect.wanted import MOST_SESSIONS
from exports.jobs.services.requests import MAX_WORDS
from therapybridge.core.api.serializers import BoundedListField, ComposedField, StrictSerializer


class ExportSerializer(serializers.Serializer[Any]):
    """An export. `percent` is 100 once it is ready; `sha256` is that of the file as it is downloaded."""

    id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(ExportKind.choices, read_only=True)
    format = serializers.ChoiceField(ExportFormat.choices, read_only=True)
    status = serializers.ChoiceField(ExportStatus.choices, read_only=True)
    basis = serializers.ChoiceField(Basis.choices, read_only=True)
    recipient = serializers.CharField(read_only=True)
    purpose = serializers.CharField(read_only=True)
    start = serializers.DateField(read_only=True, allow_null=True)
    end = serializers.DateField(read_only=True, allow_null=True)
    sessions = serializers.SerializerMethodField()
    extras = serializers.SerializerMethodField()
    percent = serializers.IntegerField(min_value=0, max_value=100, read_only=True)
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    size = serializers.IntegerField(read_only=True, allow_null=True)
    sha256 = serializers.CharField(read_only=True)
    downloads = serializers.IntegerField(read_only=True)
    error_code = serializers.CharField(read_only=True)
    error_detail = serializers.CharField(read_only=True)
    error_retriable = serializers.BooleanField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    completed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_sessions(self, job: Any) -> list[str]:
        """The ids of the chosen sessions; empty for all of the period."""
        return list(job.parameters.get("sessions", ()))

    def get_extras(self, job: Any) -> list[str]:
        """What is in it by an authorisation of its own."""
        return list(job.parameters.get("extras", ()))


class _OptionsSerializer(StrictSerializer):
    """What is wanted; days are the clinic's, both included."""

    basis = serializers.ChoiceField(Basis.choices)
    start = serializers.DateField(required=False, allow_null=True)
    end = serializers.DateField(required=False, allow_null=True)
    extras = BoundedListField(child=serializers.ChoiceField(Extra.choices), required=False, max_length=len(Extra))


class _OfAnyKind(_OptionsSerializer):
    patient = serializers.UUIDField()
    kind = serializers.ChoiceField(ExportKind.choices)
    sessions = BoundedListField(child=serializers.UUIDField(), required=False, max_length=MOST_SESSIONS)


class PreviewSerializer(_OfAnyKind):
    """What an export would be of."""


class NewExportSerializer(_OfAnyKind):
    """An export to be made: also for whom, why, and as what file."""

    format = serializers.ChoiceField(ExportFormat.choices)
    recipient = ComposedField(max_length=MAX_WORDS)
    purpose = ComposedField(max_length=MAX_WORDS)
    layout = serializers.UUIDField(required=False, allow_null=True)


class TimelineExportSerializer(_OptionsSerializer):
    """An export of the timeline of the patient in the URL."""

    format = serializers.ChoiceField(ExportFormat.choices)
    recipient = ComposedField(max_length=MAX_WORDS)
    purpose = ComposedField(max_length=MAX_WORDS)


class LeftOutSerializer(serializers.Serializer[Any]):
    """What is left out: how many, on which ground and why."""

    what = serializers.CharField(read_only=True)
    count = serializers.IntegerField(read_only=True)
    exception = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True)


class ExportPreviewSerializer(serializers.Serializer[Any]):
    """What an export would hold if it were made now."""

    counts = serializers.DictField(source="numbers", child=serializers.IntegerField(), read_only=True)
    first_day = serializers.DateField(read_only=True, allow_null=True)
    last_day = serializers.DateField(read_only=True, allow_null=True)
    withheld = LeftOutSerializer(many=True, read_only=True)
