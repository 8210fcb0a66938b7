"""Bodies of emergency access."""

from typing import Any

from rest_framework import serializers

from accounts.models import BreakGlassGrant
from accounts.serializers.people import BirthDateField
from accounts.serializers.strict import StrictSerializer
from accounts.services.emergency import MAX_HOURS, MAX_JUSTIFICATION, MAX_NOTE, MIN_JUSTIFICATION, Lookup

LOOKUP = ("patient_id", "first_name", "last_name", "date_of_birth")


class EmergencyAccessSerializer(serializers.Serializer[Any]):
    """An emergency access; `justification` and `review_note` are null for who does not treat patients."""

    id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    therapist_id = serializers.UUIDField(read_only=True)
    reason = serializers.ChoiceField(choices=BreakGlassGrant.Reason.choices, read_only=True)
    justification = serializers.SerializerMethodField()
    started_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    is_live = serializers.BooleanField(read_only=True)
    review_due_at = serializers.DateTimeField(read_only=True)
    is_overdue = serializers.BooleanField(read_only=True)
    verdict = serializers.CharField(read_only=True)
    reviewed_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    reviewed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    review_note = serializers.SerializerMethodField()

    def get_justification(self, grant: BreakGlassGrant) -> str | None:
        """For therapists only: the text may tell of the patient."""
        return grant.justification if self._is_for_therapist() else None

    def get_review_note(self, grant: BreakGlassGrant) -> str | None:
        """For therapists only."""
        return grant.review_note if self._is_for_therapist() else None

    def _is_for_therapist(self) -> bool:
        return bool(self.context["reader"].is_therapist)


class OpenEmergencySerializer(StrictSerializer):
    """Whose record (by id, or by full name and date of birth), why, and for how many hours."""

    patient_id = serializers.UUIDField(required=False)
    first_name = serializers.CharField(required=False, max_length=100)
    last_name = serializers.CharField(required=False, max_length=100, allow_blank=True)
    date_of_birth = BirthDateField(required=False)
    reason = serializers.ChoiceField(choices=BreakGlassGrant.Reason.choices)
    justification = serializers.CharField(min_length=MIN_JUSTIFICATION, max_length=MAX_JUSTIFICATION)
    hours = serializers.IntegerField(required=False, default=1, min_value=1, max_value=MAX_HOURS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An id, or a name with the date of birth."""
        if not attrs.get("patient_id") and not (attrs.get("first_name") and attrs.get("date_of_birth")):
            raise serializers.ValidationError("Give first_name, last_name and date_of_birth, or patient_id.")
        return super().validate(attrs)

    @property
    def lookup(self) -> Lookup:
        """How the patient is named."""
        given = self.validated_data
        return Lookup(**{name: given[name] for name in LOOKUP if name in given})

    @property
    def terms(self) -> dict[str, Any]:
        """Why, and for how long."""
        return {name: self.validated_data[name] for name in ("reason", "justification", "hours")}


class ReviewEmergencySerializer(StrictSerializer):
    """What the review found."""

    verdict = serializers.ChoiceField(choices=BreakGlassGrant.Verdict.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NOTE)
