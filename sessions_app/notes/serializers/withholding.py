"""Serializers for withholding a signed note from its patient."""

from typing import Any

from rest_framework import serializers

from sessions_app.models import NoteWithholding
from sessions_app.notes.services.release import MAX_WHY, Grounds
from therapybridge.core.api.serializers import ComposedField, StrictSerializer


class ReviewDateSerializer(StrictSerializer):
    """When a withheld note is looked at again: after today, within a year."""

    review_date = serializers.DateField()


class GroundsSerializer(ReviewDateSerializer):
    """On which ground a note is withheld from its patient, and why."""

    exception = serializers.ChoiceField(NoteWithholding.Grounds.choices)
    reason = ComposedField(max_length=MAX_WHY)


class WithholdingSerializer(GroundsSerializer):
    """Why a signed note is withheld from its patient; the patient never reads the `reason`."""

    withheld_at = serializers.DateTimeField(source="created_at", read_only=True)
    withheld_by_id = serializers.UUIDField(read_only=True, allow_null=True)


class SignSerializer(StrictSerializer):
    """How a note is signed; with `withhold`, its patient does not read it."""

    withhold = GroundsSerializer(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As `sign_note` takes it."""
        given = super().validate(attrs).get("withhold")
        return {"withhold": Grounds(**given) if given else None}
