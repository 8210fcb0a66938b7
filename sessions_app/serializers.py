"""Shapes of the API: what comes in as serializers, what goes out as plain dicts from values()."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from sessions_app.choices import QUALITY_NOTICES
from sessions_app.models import Extraction, PatientSummary, TherapySession, Transcript
from sessions_app.processing.services.progress import progress

ROW = (
    "id",
    "patient_id",
    "therapist_id",
    "session_date",
    "number",
    "modality",
    "kind",
    "status",
    "error_code",
    "error_detail",
    "error_retriable",
    "duration_seconds",
    "processed_at",
    "created_at",
    "job__stage",
    "job__failed_stage",
    "job__done_fraction",
    "job__stage_started_at",
    "recording__id",
    "summary__id",
    "summary__approved_at",
)
PLAIN = ROW[:8] + ROW[11:14]


def session_rows(sessions: QuerySet[TherapySession]) -> Any:
    """The columns that `session_dict` needs, in one query and without a model instance."""
    return sessions.values(*ROW)


def session_dict(row: Mapping[str, Any]) -> dict[str, Any]:
    """A session as the API shows it, from a row of `session_rows`."""
    error = {"code": row["error_code"], "detail": row["error_detail"], "retriable": row["error_retriable"]}
    return {name: row[name] for name in PLAIN} | {
        "title": f"Session #{row['number']}" if row["number"] else "Session",
        "error": error if row["error_code"] else None,
        "progress": _progress(row),
        "has_recording": row["recording__id"] is not None,
        "summary_approved_at": row["summary__approved_at"],
    }


def _progress(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row["job__stage"] is None:
        return None
    told = progress(
        row["job__stage"],
        row["job__done_fraction"],
        row["job__stage_started_at"],
        timezone.now(),
        failed_stage=row["job__failed_stage"],
    )
    return {"stage": told.stage, "percent": told.percent, "eta_seconds": told.eta_seconds}


class ProgressOut(serializers.Serializer[Any]):
    """Schema of a session's progress."""

    stage = serializers.CharField()
    percent = serializers.IntegerField(min_value=0, max_value=100)
    eta_seconds = serializers.IntegerField(allow_null=True)


class ErrorOut(serializers.Serializer[Any]):
    """Schema of why a session failed."""

    code = serializers.CharField()
    detail = serializers.CharField()
    retriable = serializers.BooleanField()


class SessionOut(serializers.ModelSerializer[TherapySession]):
    """Schema of a session; the answer itself is built by `session_dict`."""

    patient_id = serializers.UUIDField()
    therapist_id = serializers.UUIDField(allow_null=True)
    title = serializers.CharField()
    error = ErrorOut(allow_null=True)
    progress = ProgressOut(allow_null=True)
    has_recording = serializers.BooleanField()
    summary_approved_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = TherapySession
        fields = [*PLAIN, "title", "error", "progress", "has_recording", "summary_approved_at"]
        read_only_fields = fields


class SessionIn(serializers.Serializer[Any]):
    """A new session."""

    patient = serializers.UUIDField()
    session_date = serializers.DateTimeField()
    modality = serializers.ChoiceField(TherapySession.Modality.choices, default=TherapySession.Modality.IN_PERSON)
    kind = serializers.ChoiceField(TherapySession.Kind.choices, default=TherapySession.Kind.INDIVIDUAL)


class UploadIn(serializers.Serializer[Any]):
    """A recording with whose and when it was."""

    patient = serializers.UUIDField()
    session_date = serializers.DateTimeField()
    file = serializers.FileField(allow_empty_file=True, max_length=255)


class TranscriptIn(serializers.Serializer[Any]):
    """A transcript file."""

    file = serializers.FileField(allow_empty_file=True, max_length=255)


class SummaryIn(serializers.Serializer[Any]):
    """The patient's summary as the therapist words it; without text, as drafted."""

    text = serializers.CharField(required=False, max_length=5000, trim_whitespace=True)


class SegmentOut(serializers.Serializer[Any]):
    """Schema of a line of the transcript; times in seconds."""

    index = serializers.IntegerField()
    start = serializers.FloatField(allow_null=True)
    end = serializers.FloatField(allow_null=True)
    text = serializers.CharField()
    speaker = serializers.ChoiceField(["therapist", "patient", "other", "unknown"])
    confidence = serializers.FloatField(allow_null=True)


class TranscriptOut(serializers.Serializer[Any]):
    """Schema of a transcript."""

    session_id = serializers.UUIDField()
    language = serializers.CharField()
    duration = serializers.FloatField(allow_null=True)
    engine = serializers.CharField()
    model = serializers.CharField()
    quality = serializers.CharField()
    quality_notice = serializers.CharField()
    speaker_source = serializers.CharField()
    word_count = serializers.IntegerField()
    segments = SegmentOut(many=True)


class SummaryOut(serializers.Serializer[Any]):
    """Schema of the patient's summary."""

    text = serializers.CharField()
    is_edited = serializers.BooleanField()
    approved_at = serializers.DateTimeField(allow_null=True)


class NotesOut(serializers.Serializer[Any]):
    """Schema of the drafted notes; `notes` is the ExtractedNotes object described in docs/api.md."""

    session_id = serializers.UUIDField()
    version = serializers.IntegerField()
    engine = serializers.CharField()
    model = serializers.CharField()
    quality = serializers.CharField()
    quality_notice = serializers.CharField()
    verified = serializers.IntegerField()
    removed = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    notes = serializers.JSONField()
    patient_summary = SummaryOut(allow_null=True)


def transcript_dict(transcript: Transcript) -> dict[str, Any]:
    """A transcript as the API shows it."""
    plain = ("language", "duration", "engine", "model", "quality", "speaker_source", "word_count", "segments")
    return {
        "session_id": transcript.session_id,
        "quality_notice": QUALITY_NOTICES[transcript.quality],
        **{name: getattr(transcript, name) for name in plain},
    }


def summary_dict(summary: PatientSummary | None) -> dict[str, Any] | None:
    """The patient's summary as the API shows it to a therapist."""
    if summary is None:
        return None
    return {"text": summary.text, "is_edited": summary.is_edited, "approved_at": summary.approved_at}


def notes_dict(extraction: Extraction, summary: PatientSummary | None) -> dict[str, Any]:
    """The drafted notes as the API shows them."""
    plain = ("session_id", "version", "engine", "model", "quality", "verified", "removed", "created_at", "notes")
    return {name: getattr(extraction, name) for name in plain} | {
        "quality_notice": QUALITY_NOTICES[extraction.quality],
        "patient_summary": summary_dict(summary),
    }
