"""Serializers for risk reviews. A review in a list is serialized from a row of `review_rows`."""

from typing import Any, get_args

from django.db.models import QuerySet
from rest_framework import serializers

from sessions_app.models import RiskReview, RiskReviewEntry
from sessions_app.pipeline.drafting.schema import RiskSeverity, RiskType
from sessions_app.pipeline.types import Speaker
from sessions_app.risk.services.decisions import MAX_REASON, MIN_REASON
from therapybridge.core.api.serializers import ComposedField, RowSerializer, StrictSerializer

COLUMNS = (
    *("id", "session_id", "source_type", "source_id", "source_day", "patient_id", "owner_id", "status", "opened_at"),
    *("due_at", "acknowledged_at", "acknowledged_by_id", "disposition", "disposed_at", "disposed_by_id", "revision"),
)


def review_rows(reviews: QuerySet[RiskReview]) -> Any:
    """The rows for RiskReviewRowSerializer, in one query and without what was said."""
    return reviews.values(*COLUMNS)


class RiskReviewRowSerializer(RowSerializer):
    """A review in a list; `due_at` is when it should have a `disposition`, which is empty until then.

    It comes from a session, or from what `source_type` names: `phq-9.9` is the answer to item 9 of a PHQ-9, `source_id`
    its result, and `source_day` the day of the clinic that it is of. `phq-9.9.unrecorded` is an answer that was sent
    and not recorded; `source_id` is then the assignment.
    """

    id = serializers.UUIDField(read_only=True)
    session_id = serializers.UUIDField(read_only=True, allow_null=True)
    source_type = serializers.CharField(read_only=True)
    source_id = serializers.UUIDField(read_only=True, allow_null=True)
    source_day = serializers.DateField(read_only=True, allow_null=True)
    patient_id = serializers.UUIDField(read_only=True)
    owner_id = serializers.UUIDField(read_only=True, allow_null=True)
    status = serializers.ChoiceField(RiskReview.Status.choices, read_only=True)
    opened_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True)
    acknowledged_at = serializers.DateTimeField(read_only=True, allow_null=True)
    acknowledged_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    disposition = serializers.ChoiceField([("", "None"), *RiskReview.Dispositions.choices], read_only=True)
    disposed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    disposed_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    revision = serializers.IntegerField(read_only=True)


class SeenSerializer(serializers.Serializer[Any]):
    """What a draft listed: its kind, the indexes of the lines, the quote, and when it was said in seconds.

    For an answer to a questionnaire, `question` is the item and `quote` the answer.
    """

    type = serializers.ChoiceField(get_args(RiskType), read_only=True)
    severity = serializers.ChoiceField(get_args(RiskSeverity), read_only=True)
    speaker = serializers.ChoiceField(get_args(Speaker), read_only=True)
    start = serializers.FloatField(read_only=True, allow_null=True)
    segments = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    quote = serializers.CharField(read_only=True)
    question = serializers.CharField(read_only=True, default="")


class RiskReviewEntrySerializer(serializers.Serializer[Any]):
    """A line of the history; `by_id` is null for what happened by itself, `to_id` the new owner or who was e-mailed."""

    kind = serializers.ChoiceField(RiskReviewEntry.Kind.choices, read_only=True)
    happened_at = serializers.DateTimeField(read_only=True)
    by_id = serializers.UUIDField(read_only=True, allow_null=True)
    to_id = serializers.UUIDField(read_only=True, allow_null=True)


class RiskReviewSerializer(serializers.Serializer[Any]):
    """A review with the lines, the reason of its disposition, and its history."""

    id = serializers.UUIDField(read_only=True)
    session_id = serializers.UUIDField(read_only=True, allow_null=True)
    source_type = serializers.CharField(read_only=True)
    source_id = serializers.UUIDField(read_only=True, allow_null=True)
    source_day = serializers.DateField(read_only=True, allow_null=True)
    patient_id = serializers.UUIDField(read_only=True)
    owner_id = serializers.UUIDField(read_only=True, allow_null=True)
    status = serializers.ChoiceField(RiskReview.Status.choices, read_only=True)
    opened_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True)
    acknowledged_at = serializers.DateTimeField(read_only=True, allow_null=True)
    acknowledged_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    disposition = serializers.ChoiceField([("", "None"), *RiskReview.Dispositions.choices], read_only=True)
    disposed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    disposed_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    revision = serializers.IntegerField(read_only=True)
    seen = SeenSerializer(many=True, read_only=True)
    reason = serializers.CharField(read_only=True, allow_null=True)
    history = RiskReviewEntrySerializer(source="history.all", many=True, read_only=True)


class DisposeSerializer(StrictSerializer):
    """What came of it, and why that closes the review."""

    disposition = serializers.ChoiceField(RiskReview.Dispositions.choices)
    reason = ComposedField(min_length=MIN_REASON, max_length=MAX_REASON)


class HandOverSerializer(StrictSerializer):
    """The new owner: somebody else who treats the patient."""

    owner = serializers.UUIDField()
