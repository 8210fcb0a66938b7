"""Serializers for goals, their ratings and interventions, and for the library."""

from typing import Any

from rest_framework import serializers

from therapybridge.core.api.moments import validate_moment
from therapybridge.core.api.serializers import BoundedListField, ComposedField, StrictSerializer, TidyField
from treatment.goals.choices import EvidenceLevel, GoalStatus, GoalTerm, Priority
from treatment.goals.services import changes, interventions, library
from treatment.goals.services.endings import MAX_REASON
from treatment.goals.services.progress import MAX_NOTE


class SmartSerializer(StrictSerializer):
    """What makes a goal specific, measurable, achievable, relevant and timed; what is left out was not filled in."""

    specific = ComposedField(required=False, allow_blank=True, max_length=changes.MAX_SMART)
    measurable = ComposedField(required=False, allow_blank=True, max_length=changes.MAX_SMART)
    achievable = ComposedField(required=False, allow_blank=True, max_length=changes.MAX_SMART)
    relevant = ComposedField(required=False, allow_blank=True, max_length=changes.MAX_SMART)
    timed = ComposedField(required=False, allow_blank=True, max_length=changes.MAX_SMART)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Empty means that nothing was filled in."""
        return attrs


class MeasurementSerializer(serializers.Serializer[Any]):
    """What is measured: better is whichever way the target lies from the baseline."""

    unit = serializers.CharField(read_only=True)
    baseline = serializers.CharField(read_only=True)
    current = serializers.CharField(read_only=True)
    target = serializers.CharField(read_only=True)


class WriteMeasurementSerializer(StrictSerializer):
    """Unit, baseline and target; the current value comes with ratings."""

    unit = TidyField(required=False, allow_blank=True, max_length=changes.MAX_UNIT)
    baseline = serializers.DecimalField(max_digits=9, decimal_places=2)
    target = serializers.DecimalField(max_digits=9, decimal_places=2)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """It is replaced as a whole, so that a PATCH needs both numbers too."""
        if missing := [name for name in ("baseline", "target") if name not in attrs]:
            raise serializers.ValidationError({name: ["This field is required."] for name in missing})
        return attrs


class GoalSerializer(serializers.Serializer[Any]):
    """A goal; `progress` is in per cent, `revision` its ETag."""

    id = serializers.UUIDField(read_only=True)
    plan_id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    parent_id = serializers.UUIDField(read_only=True, allow_null=True)
    level = serializers.IntegerField(read_only=True)
    position = serializers.IntegerField(read_only=True)
    term = serializers.ChoiceField(GoalTerm.choices, read_only=True)
    wording = serializers.CharField(read_only=True)
    plain_wording = serializers.CharField(read_only=True)
    smart = serializers.DictField(child=serializers.CharField(), read_only=True)
    measurement = MeasurementSerializer(read_only=True, allow_null=True)
    priority = serializers.ChoiceField(Priority.choices, read_only=True)
    target_date = serializers.DateField(read_only=True, allow_null=True)
    progress = serializers.IntegerField(read_only=True)
    status = serializers.ChoiceField(GoalStatus.choices, read_only=True)
    reason = serializers.CharField(read_only=True, allow_null=True)
    replaced_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    closed_date = serializers.DateField(read_only=True, allow_null=True)
    changed_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    revision = serializers.IntegerField(read_only=True)


class ChangeGoalSerializer(StrictSerializer):
    """What a goal says."""

    wording = ComposedField(max_length=changes.MAX_WORDING)
    plain_wording = ComposedField(
        required=False, allow_blank=True, max_length=changes.MAX_WORDING, help_text="For the patient."
    )
    term = serializers.ChoiceField(GoalTerm.choices)
    priority = serializers.ChoiceField(Priority.choices, required=False)
    target_date = serializers.DateField(required=False, allow_null=True, validators=[validate_moment])
    smart = SmartSerializer(required=False)
    measurement = WriteMeasurementSerializer(required=False, allow_null=True)


class NewGoalSerializer(ChangeGoalSerializer):
    """A new goal, the last below its `parent`."""

    parent = serializers.UUIDField(  # type: ignore[assignment]  # declared fields are no attributes
        required=False, allow_null=True, help_text="A goal of the same plan."
    )


class MoveGoalSerializer(StrictSerializer):
    """Where it is to stand."""

    parent = serializers.UUIDField(  # type: ignore[assignment]  # declared fields are no attributes
        allow_null=True, help_text="A goal of the same plan, or null for the top."
    )
    position = serializers.IntegerField(min_value=1, max_value=changes.MAX_GOALS)


class RateGoalSerializer(StrictSerializer):
    """Either `percent` or, for a goal with a measurement, a measured `value`."""

    percent = serializers.IntegerField(required=False, min_value=0, max_value=100)
    value = serializers.DecimalField(required=False, max_digits=9, decimal_places=2)
    note = ComposedField(required=False, allow_blank=True, max_length=MAX_NOTE)
    rated_date = serializers.DateField(required=False, help_text="Since the plan began; today by default.")


class RatingSerializer(serializers.Serializer[Any]):
    """A rating, and the progress of the goal with it."""

    id = serializers.UUIDField(read_only=True)
    goal_id = serializers.UUIDField(read_only=True)
    percent = serializers.IntegerField(read_only=True)
    value = serializers.CharField(read_only=True, allow_null=True)
    rated_date = serializers.DateField(read_only=True)
    rated_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    note = serializers.CharField(read_only=True)
    progress = serializers.IntegerField(source="goal.progress", read_only=True)
    status = serializers.ChoiceField(GoalStatus.choices, source="goal.status", read_only=True)


class ReasonSerializer(StrictSerializer):
    """Why it is given up."""

    reason = ComposedField(max_length=MAX_REASON)


class ReplaceGoalSerializer(ChangeGoalSerializer):
    """The goal that takes its place, and why."""

    reason = ComposedField(max_length=MAX_REASON)


class ReopenGoalSerializer(StrictSerializer):
    """Where it stands now; without it, where it was given up, or 0."""

    percent = serializers.IntegerField(required=False, min_value=0, max_value=99)


class InterventionSerializer(serializers.Serializer[Any]):
    """An entry of the library; `is_system` ones are the product's, which nobody changes."""

    id = serializers.UUIDField(read_only=True)
    is_system = serializers.BooleanField(read_only=True)
    name = serializers.CharField(read_only=True)
    modality = serializers.CharField(read_only=True)
    description = serializers.CharField(read_only=True)
    aliases = serializers.ListField(child=serializers.CharField(), read_only=True)
    evidence_level = serializers.ChoiceField(EvidenceLevel.choices, read_only=True)
    evidence_source = serializers.CharField(read_only=True)
    retired_at = serializers.DateTimeField(read_only=True, allow_null=True)
    updated_at = serializers.DateTimeField(read_only=True)
    revision = serializers.IntegerField(read_only=True)


class WriteInterventionSerializer(StrictSerializer):
    """An entry of the clinic."""

    name = TidyField(max_length=library.MAX_NAME)
    modality = TidyField(required=False, allow_blank=True, max_length=library.MAX_MODALITY)
    description = ComposedField(required=False, allow_blank=True, max_length=library.MAX_DESCRIPTION)
    aliases = BoundedListField(
        child=TidyField(max_length=library.MAX_ALIAS), required=False, max_length=library.MAX_ALIASES
    )
    evidence_level = serializers.ChoiceField(EvidenceLevel.choices, required=False)
    evidence_source = ComposedField(required=False, allow_blank=True, max_length=library.MAX_SOURCE)


class UseSerializer(serializers.Serializer[Any]):
    """An intervention of a goal: how often, and how well it works for this patient, from 1 to 5."""

    id = serializers.UUIDField(read_only=True)
    goal_id = serializers.UUIDField(read_only=True)
    intervention_id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(source="intervention.name", read_only=True)
    frequency = serializers.CharField(read_only=True)
    effectiveness = serializers.IntegerField(read_only=True, allow_null=True)
    notes = serializers.CharField(read_only=True)
    added_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    revision = serializers.IntegerField(read_only=True)


class ChangeUseSerializer(StrictSerializer):
    """What is said of an intervention of a goal."""

    frequency = ComposedField(required=False, allow_blank=True, max_length=interventions.MAX_FREQUENCY)
    effectiveness = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=5)
    notes = ComposedField(required=False, allow_blank=True, max_length=interventions.MAX_NOTES)


class NewUseSerializer(ChangeUseSerializer):
    """An intervention to link to a goal."""

    intervention = serializers.UUIDField()
