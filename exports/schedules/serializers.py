"""Serializers for scheduled exports."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from accounts.rights.choices import Basis
from exports.choices import ExportFormat, ExportKind, ExportStatus
from exports.jobs.services.requests import MAX_WORDS
from exports.schedules.choices import Recurrence
from therapybridge.core.api.serializers import ComposedField, StrictSerializer


class ExportScheduleSerializer(serializers.Serializer[Any]):
    """Exports that are made again and again, on days of their owner's zone; `next_due_at` is null once it has ended."""

    id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(ExportKind.choices, read_only=True)
    format = serializers.ChoiceField(ExportFormat.choices, read_only=True)
    basis = serializers.ChoiceField(Basis.choices, read_only=True)
    recipient = serializers.CharField(read_only=True)
    purpose = serializers.CharField(read_only=True)
    layout = serializers.SerializerMethodField()
    rhythm = serializers.ChoiceField(Recurrence.choices, read_only=True)
    first_day = serializers.DateField(read_only=True)
    next_due_at = serializers.SerializerMethodField()
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    end_reason = serializers.CharField(read_only=True, help_text="Empty if its owner ended it.")
    created_at = serializers.DateTimeField(read_only=True)

    def get_layout(self, schedule: Any) -> UUID | None:
        """The layout of documents; none for the usual one."""
        layout = schedule.parameters.get("layout")
        return UUID(layout) if layout else None

    def get_next_due_at(self, schedule: Any) -> str | None:
        """When the next export is made."""
        return None if schedule.ended_at else serializers.DateTimeField().to_representation(schedule.next_due_at)


class ScheduledExportSerializer(serializers.Serializer[Any]):
    """An export that a schedule had made; `export_id` is null once that was deleted."""

    number = serializers.IntegerField(read_only=True)
    day = serializers.DateField(read_only=True)
    export_id = serializers.UUIDField(source="job_id", read_only=True, allow_null=True)
    status = serializers.ChoiceField(
        ExportStatus.choices, source="job.status", read_only=True, allow_null=True, default=None
    )


class NewExportScheduleSerializer(StrictSerializer):
    """Exports to be made again and again. Private notes and private events are in none of them."""

    kind = serializers.ChoiceField(ExportKind.choices)
    format = serializers.ChoiceField(ExportFormat.choices)
    basis = serializers.ChoiceField(Basis.choices)
    recipient = ComposedField(max_length=MAX_WORDS)
    purpose = ComposedField(max_length=MAX_WORDS)
    layout = serializers.UUIDField(required=False, allow_null=True)
    rhythm = serializers.ChoiceField(Recurrence.choices)
    first_day = serializers.DateField(
        help_text="A day of your zone, from tomorrow on; a month without it has its last."
    )
