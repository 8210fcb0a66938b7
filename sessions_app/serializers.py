"""Serializers for sessions. A session is serialized from a row of `session_rows`."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from sessions_app.action_items.services.telling import MAX_TOLD
from sessions_app.choices import QUALITY_NOTICES, SPEAKERS, SpeakerSource, session_title
from sessions_app.models import Extraction, StatementReview, TherapySession, Transcript
from sessions_app.notes.choices import SummaryStatus
from sessions_app.notes.serializers.draft import DraftField
from sessions_app.notes.services.statements import reviewed
from sessions_app.notes.services.summaries import MAX_SUMMARY
from sessions_app.pipeline.speakers.resolve import MAX_VOICES
from sessions_app.processing.choices import Stage
from sessions_app.processing.serializers import WaitsForField
from sessions_app.processing.services.progress import Progress, progress
from sessions_app.querysets import LAST_CHANGE
from sessions_app.services.speakers import MAX_LABEL
from therapybridge.core.api.moments import MomentField
from therapybridge.core.api.serializers import BoundedListField, ComposedField, RowSerializer, StrictSerializer

Row = Mapping[str, Any]
MAX_LINES = 1000
COLUMNS = (
    *("id", "patient_id", "therapist_id", "session_date", "number", "modality", "kind", "status", "duration_seconds"),
    *("processed_at", "created_at", "error_code", "error_detail", "error_retriable"),
    *("job__stage", "job__failed_stage", "job__done_fraction", "job__stage_started_at", "job__finish_expected_at"),
    *("job__waits_for", "job__last_error"),
    *("recording__id", "recording__deleted_at", "recording__warnings", "summary__approved_at", "summary__status"),
)


def session_rows(sessions: QuerySet[TherapySession]) -> Any:
    """The rows for SessionSerializer, in one query and without model instances."""
    return sessions.values(*COLUMNS, changed_at=LAST_CHANGE)


class ProgressSerializer(serializers.Serializer[Any]):
    """The progress of processing; `eta_seconds` is null while it cannot be estimated."""

    stage = serializers.ChoiceField(Stage.choices, read_only=True)
    percent = serializers.IntegerField(min_value=0, max_value=100, read_only=True)
    eta_seconds = serializers.IntegerField(allow_null=True, read_only=True)
    waits_for = WaitsForField(read_only=True)
    waiting_code = serializers.CharField(read_only=True)

    def get_attribute(self, instance: Row) -> Progress | None:
        """None for a session without a job."""
        if instance["job__stage"] is None:
            return None
        return progress(
            instance["job__stage"],
            instance["job__done_fraction"],
            instance["job__finish_expected_at"],
            timezone.now(),
            failed_stage=instance["job__failed_stage"],
            is_begun=instance["job__stage_started_at"] is not None,
            waits_for=instance["job__waits_for"],
            last_error=instance["job__last_error"],
        )


class SessionErrorSerializer(RowSerializer):
    """Why the processing of a session failed."""

    code = serializers.CharField(source="error_code", read_only=True)
    detail = serializers.CharField(source="error_detail", read_only=True)
    retriable = serializers.BooleanField(source="error_retriable", read_only=True)

    def get_attribute(self, instance: Row) -> Row | None:
        """None without an error."""
        return instance if instance["error_code"] else None


class SessionSerializer(RowSerializer):
    """A session with its progress and, if processing failed, the reason."""

    id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    therapist_id = serializers.UUIDField(allow_null=True, read_only=True)
    session_date = serializers.DateTimeField(read_only=True)
    number = serializers.IntegerField(allow_null=True, read_only=True)
    modality = serializers.ChoiceField(TherapySession.Modality.choices, read_only=True)
    kind = serializers.ChoiceField(TherapySession.Kind.choices, read_only=True)
    status = serializers.ChoiceField(TherapySession.Status.choices, read_only=True)
    duration_seconds = serializers.FloatField(allow_null=True, read_only=True)
    processed_at = serializers.DateTimeField(allow_null=True, read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(source="changed_at", read_only=True)
    title = serializers.SerializerMethodField()
    error = SessionErrorSerializer(allow_null=True, read_only=True)
    progress = ProgressSerializer(allow_null=True, read_only=True)
    has_recording = serializers.SerializerMethodField()
    recording_warnings = serializers.SerializerMethodField()
    summary_approved_at = serializers.DateTimeField(source="summary__approved_at", allow_null=True, read_only=True)
    summary_status = serializers.ChoiceField(
        SummaryStatus.choices, source="summary__status", allow_null=True, read_only=True
    )

    def get_title(self, row: Row) -> str:
        return session_title(row["number"])

    def get_has_recording(self, row: Row) -> bool:
        """False for a transcript made elsewhere, and once the recording was deleted."""
        return row["recording__id"] is not None and row["recording__deleted_at"] is None

    def get_recording_warnings(self, row: Row) -> list[str]:
        """What of the recording could not be read or was left out."""
        return row["recording__warnings"] or []


class NewSessionSerializer(StrictSerializer):
    """A new session."""

    patient = serializers.UUIDField()
    session_date = MomentField()
    modality = serializers.ChoiceField(TherapySession.Modality.choices, default=TherapySession.Modality.IN_PERSON)
    kind = serializers.ChoiceField(TherapySession.Kind.choices, default=TherapySession.Kind.INDIVIDUAL)


class UploadSerializer(StrictSerializer):
    """A recording with its patient and date."""

    patient = serializers.UUIDField()
    session_date = MomentField()
    file = serializers.FileField(allow_empty_file=True, max_length=255)


class TranscriptFileSerializer(StrictSerializer):
    """A transcript file."""

    file = serializers.FileField(allow_empty_file=True, max_length=255)


class DeclineSummarySerializer(StrictSerializer):
    """The patient's summary as edited by the therapist; without text, as drafted."""

    text = ComposedField(required=False, max_length=MAX_SUMMARY, trim_whitespace=True)
    version = serializers.CharField(required=False, max_length=40)


class ApproveSummarySerializer(DeclineSummarySerializer):
    """The summary to share, and the action items that the patient is told of with it."""

    items = BoundedListField(
        child=serializers.UUIDField(), required=False, max_length=MAX_TOLD, help_text="None, if it is left out."
    )


class WithdrawSummarySerializer(StrictSerializer):
    """The version of the shared summary that was read."""

    version = serializers.CharField(required=False, max_length=40)


class SegmentSerializer(serializers.Serializer[Any]):
    """A line of the transcript; times in seconds."""

    index = serializers.IntegerField(read_only=True)
    start = serializers.FloatField(allow_null=True, read_only=True)
    end = serializers.FloatField(allow_null=True, read_only=True)
    text = serializers.CharField(read_only=True)
    speaker = serializers.ChoiceField(list(SPEAKERS), read_only=True)
    confidence = serializers.FloatField(allow_null=True, read_only=True)
    voice = serializers.CharField(source="label", read_only=True)


class VoiceSerializer(StrictSerializer):
    """Who a voice of the transcript is; with `name`, its new label. Voices with the same name become one."""

    voice = serializers.CharField(max_length=MAX_LABEL)
    speaker = serializers.ChoiceField(list(SPEAKERS))
    name = ComposedField(required=False, max_length=MAX_LABEL)


class VoicesSerializer(StrictSerializer):
    """Who the voices of a transcript are."""

    voices = BoundedListField(child=VoiceSerializer(), min_length=1, max_length=MAX_VOICES)


class SpeakerLinesSerializer(StrictSerializer):
    """Lines, by index, and who said them."""

    lines = BoundedListField(child=serializers.IntegerField(min_value=0), min_length=1, max_length=MAX_LINES)
    speaker = serializers.ChoiceField(list(SPEAKERS))


class _MadeSerializer(serializers.Serializer[Any]):
    """Common fields of engine results, with a notice about their quality."""

    session_id = serializers.UUIDField(read_only=True)
    engine = serializers.CharField(read_only=True)
    model = serializers.CharField(read_only=True)
    quality = serializers.ChoiceField(list(QUALITY_NOTICES), read_only=True)
    quality_notice = serializers.SerializerMethodField()

    def get_quality_notice(self, made: Transcript | Extraction) -> str:
        """Empty for normal quality."""
        return QUALITY_NOTICES[made.quality]


class TranscriptSerializer(_MadeSerializer):
    """A transcript."""

    language = serializers.CharField(read_only=True)
    duration = serializers.FloatField(allow_null=True, read_only=True)
    speaker_source = serializers.ChoiceField(SpeakerSource.choices, read_only=True)
    warnings = serializers.ListField(source="notices", child=serializers.CharField(), read_only=True)
    word_count = serializers.IntegerField(read_only=True)
    segments = SegmentSerializer(many=True, read_only=True)


class SummarySerializer(serializers.Serializer[Any]):
    """The patient's summary, as shown to therapists."""

    text = serializers.CharField(read_only=True)
    is_edited = serializers.BooleanField(read_only=True)
    status = serializers.ChoiceField(SummaryStatus.choices, read_only=True)
    approved_at = serializers.DateTimeField(allow_null=True, read_only=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True, read_only=True)
    version = serializers.CharField(read_only=True)


class NotesSerializer(_MadeSerializer):
    """The drafted notes with the decisions about them."""

    version = serializers.IntegerField(read_only=True)
    supported = serializers.IntegerField(read_only=True)
    to_check = serializers.IntegerField(source="reviewed.to_check", read_only=True)
    kept = serializers.IntegerField(source="reviewed.kept", read_only=True)
    deleted = serializers.IntegerField(source="reviewed.deleted", read_only=True)
    refused = serializers.IntegerField(read_only=True)
    refused_reasons = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    notes = DraftField(source="reviewed.notes", read_only=True)
    patient_summary = SummarySerializer(source="session.summary", allow_null=True, read_only=True)

    def to_representation(self, instance: Extraction) -> dict[str, Any]:
        """With the decisions of therapists, read once."""
        instance.reviewed = reviewed(instance)
        shown: dict[str, Any] = super().to_representation(instance)
        return shown


class DecideSerializer(StrictSerializer):
    """The version of the draft whose statement is decided about."""

    version = serializers.IntegerField(min_value=1)


class StatementReviewSerializer(serializers.Serializer[Any]):
    """A decision about a statement to check."""

    statement = serializers.CharField(read_only=True)
    decision = serializers.ChoiceField(StatementReview.Decision.choices, read_only=True)
    decided_at = serializers.DateTimeField(source="created_at", read_only=True)
