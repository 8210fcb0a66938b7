"""Serializers for treatment plans: what therapists read and write, and the fewer fields that patients read."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.consent.choices import MethodByHand
from accounts.models import ConsentEntry
from therapybridge.core.api.moments import validate_moment
from therapybridge.core.api.serializers import BoundedListField, ComposedField, StrictSerializer
from treatment.diagnoses.codes import all_codes
from treatment.models import PlanMilestone, PlanReview, PlanVersion, TreatmentPlan
from treatment.plans.choices import Agreement, Frequency, ReviewState
from treatment.plans.services.consents import DECISIONS, agreement_of
from treatment.plans.services.content import MAX_CODES, MAX_DAYS, MAX_REASON, MAX_TEXT, MAX_TITLE, MIN_DAYS
from treatment.plans.services.milestones import MAX_DESCRIPTION, MAX_NOTES, MOST

GIVEN = [(one.value, one.label) for one in DECISIONS]
MAX_CODE = 12  # characters, more than any code has


class DiagnosisCodeSerializer(serializers.Serializer[Any]):
    """A code of ICD-10-CM. `description` and `is_billable` are null for a code that is known by its shape alone."""

    code = serializers.CharField(read_only=True)
    description = serializers.CharField(read_only=True, allow_null=True)
    is_billable = serializers.BooleanField(read_only=True, allow_null=True)


def described(codes: list[str]) -> list[Mapping[str, Any]]:
    """Codes of a plan with what the list says about them."""
    known = all_codes()
    return [
        {"code": code, "description": found.description, "is_billable": found.is_billable}
        if (found := known.get(code))
        else {"code": code, "description": None, "is_billable": None}
        for code in codes
    ]


class FoundCodesSerializer(serializers.Serializer[Any]):
    """Codes that a search found, and the release that they are of."""

    release = serializers.CharField(read_only=True)
    results = DiagnosisCodeSerializer(many=True, read_only=True)


class PatientMilestoneSerializer(serializers.Serializer[Any]):
    """A milestone as its patient reads it."""

    id = serializers.UUIDField(read_only=True)
    position = serializers.IntegerField(read_only=True)
    description = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(PlanMilestone.Status.choices, read_only=True)
    target_date = serializers.DateField(read_only=True, allow_null=True)
    achieved_date = serializers.DateField(read_only=True, allow_null=True)


class MilestoneSerializer(PatientMilestoneSerializer):
    """A milestone; `revision` is its ETag, which its position has no part in."""

    plan_id = serializers.UUIDField(read_only=True, required=False)
    notes = serializers.CharField(read_only=True, required=False)
    changed_by_id = serializers.UUIDField(read_only=True, allow_null=True, required=False)
    created_at = serializers.DateTimeField(read_only=True, required=False)
    updated_at = serializers.DateTimeField(read_only=True, required=False)
    revision = serializers.IntegerField(read_only=True, required=False)


class PatientPlanSerializer(serializers.Serializer[Any]):
    """A plan as its patient reads it, for whom all other fields are left out."""

    id = serializers.UUIDField(read_only=True)
    title = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(TreatmentPlan.Status.choices, read_only=True)
    start_date = serializers.DateField(read_only=True)
    target_end_date = serializers.DateField(read_only=True, allow_null=True)
    ended_date = serializers.DateField(read_only=True, allow_null=True)
    session_frequency = serializers.ChoiceField(Frequency.choices, read_only=True)
    next_review_date = serializers.DateField(read_only=True, allow_null=True)
    version = serializers.IntegerField(read_only=True)


class PatientPlanRowSerializer(PatientPlanSerializer):
    """The same in a list, without a review that is overdue: that is not for the patient to worry about."""

    next_review_date = serializers.SerializerMethodField()  # type: ignore[assignment]  # declared fields are no attributes

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_next_review_date(self, plan: TreatmentPlan) -> str | None:
        """On the day of the clinic."""
        due = plan.next_review_date
        return due.isoformat() if due and due >= self.context["today"] else None


class PatientWholePlanSerializer(PatientPlanRowSerializer):
    """A plan with its milestones, as its patient reads it: those that were dropped are not shown."""

    agreement = serializers.SerializerMethodField()
    milestones = serializers.SerializerMethodField()

    @extend_schema_field(PatientMilestoneSerializer(many=True))
    def get_milestones(self, plan: TreatmentPlan) -> list[Any]:
        """Those that are worked on or achieved."""
        dropped = PlanMilestone.Status.DISCONTINUED
        shown = [one for one in plan.milestones.all() if one.status != dropped]
        return list(PatientMilestoneSerializer(shown, many=True).data)

    def get_agreement(self, plan: TreatmentPlan) -> str:
        """Whether the patient agreed to it as it is now."""
        return str(agreement_of(plan).state)


class PlanRowSerializer(PatientPlanSerializer):
    """A plan in a list. `review_state` is that of the clinic's day; null unless the plan is active."""

    patient_id = serializers.UUIDField(read_only=True, required=False)
    therapist_id = serializers.UUIDField(read_only=True, allow_null=True, required=False)
    review_every_days = serializers.IntegerField(read_only=True, required=False)
    review_state = serializers.SerializerMethodField(required=False)
    created_at = serializers.DateTimeField(read_only=True, required=False)
    updated_at = serializers.DateTimeField(read_only=True, required=False)
    revision = serializers.IntegerField(read_only=True, required=False)

    @extend_schema_field(serializers.ChoiceField(ReviewState.choices, allow_null=True))
    def get_review_state(self, plan: TreatmentPlan) -> ReviewState | None:
        """On the day of the clinic, which all plans that somebody can list share."""
        return plan.review_state(self.context["today"])


class PlanSerializer(PlanRowSerializer):
    """A plan; `revision` is its ETag. `version` is 0 until it is first active, and grows with what people agree on.

    `agreement` is what the patient decided about the version; `agreed_version` the one that the decision was about.
    """

    codes = serializers.SerializerMethodField(required=False)
    diagnosis = serializers.CharField(read_only=True, required=False)
    problems = serializers.CharField(read_only=True, required=False)
    reason = serializers.CharField(read_only=True, allow_null=True, required=False)
    agreement = serializers.ChoiceField(Agreement.choices, read_only=True)
    agreed_version = serializers.IntegerField(read_only=True, allow_null=True, required=False)
    changed_by_id = serializers.UUIDField(read_only=True, allow_null=True, required=False)
    milestones = MilestoneSerializer(many=True, read_only=True)

    @extend_schema_field(DiagnosisCodeSerializer(many=True))
    def get_codes(self, plan: TreatmentPlan) -> list[dict[str, Any]]:
        """The main one first."""
        return [dict(one) for one in described(plan.codes)]

    def to_representation(self, instance: TreatmentPlan) -> dict[str, Any]:
        """With the agreement, read once."""
        agreement: Any = agreement_of(instance)
        shown: Any = instance
        shown.agreement, shown.agreed_version = agreement.state, agreement.version
        told: dict[str, Any] = super().to_representation(shown)
        return told


class WritePlanSerializer(StrictSerializer):
    """What a plan says, or what is changed of it."""

    title = ComposedField(max_length=MAX_TITLE)
    codes = BoundedListField(child=ComposedField(max_length=MAX_CODE), max_length=MAX_CODES, required=False)
    diagnosis = ComposedField(required=False, allow_blank=True, max_length=MAX_TEXT)
    problems = ComposedField(required=False, allow_blank=True, max_length=MAX_TEXT)
    start_date = serializers.DateField(required=False, validators=[validate_moment])
    target_end_date = serializers.DateField(required=False, allow_null=True, validators=[validate_moment])
    session_frequency = serializers.ChoiceField(Frequency.choices, required=False)
    review_every_days = serializers.IntegerField(required=False, min_value=MIN_DAYS, max_value=MAX_DAYS)


class NewPlanSerializer(WritePlanSerializer):
    """A draft of a plan, and for whom it is."""

    patient_id = serializers.UUIDField()


class PlanReasonSerializer(StrictSerializer):
    """Why a plan is held or discontinued."""

    reason = ComposedField(max_length=MAX_REASON)


class PlanReviewSerializer(StrictSerializer):
    """A review; it is of today."""

    id = serializers.UUIDField(read_only=True)
    due_date = serializers.DateField(read_only=True)
    reviewed_date = serializers.DateField(read_only=True)
    reviewed_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    outcome = serializers.ChoiceField(PlanReview.Outcome.choices)
    notes = ComposedField(required=False, allow_blank=True, max_length=MAX_TEXT)
    version = serializers.IntegerField(read_only=True)


class PlanVersionRowSerializer(serializers.Serializer[Any]):
    """A version of a plan in a list."""

    number = serializers.IntegerField(read_only=True)
    cause = serializers.ChoiceField(PlanVersion.Cause.choices, read_only=True)
    made_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


class SaidGoalSerializer(serializers.Serializer[Any]):
    """A goal as it was worded in a version of a plan; `term` and `status` are those of goals."""

    id = serializers.UUIDField(read_only=True)
    term = serializers.CharField(read_only=True)
    wording = serializers.CharField(read_only=True)
    status = serializers.CharField(read_only=True)
    level = serializers.IntegerField(read_only=True)


class SaidMilestoneSerializer(serializers.Serializer[Any]):
    """A milestone as it was worded in a version of a plan."""

    id = serializers.UUIDField(read_only=True)
    description = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(PlanMilestone.Status.choices, read_only=True)


class SaidSerializer(serializers.Serializer[Any]):
    """What a plan said."""

    title = serializers.CharField(read_only=True)
    codes = serializers.ListField(child=serializers.CharField(), read_only=True)
    diagnosis = serializers.CharField(read_only=True)
    problems = serializers.CharField(read_only=True)
    start_date = serializers.DateField(read_only=True)
    target_end_date = serializers.DateField(read_only=True, allow_null=True)
    session_frequency = serializers.ChoiceField(Frequency.choices, read_only=True)
    review_every_days = serializers.IntegerField(read_only=True)
    goals = SaidGoalSerializer(many=True, read_only=True)
    milestones = SaidMilestoneSerializer(many=True, read_only=True)


@extend_schema_field(SaidSerializer)
class SaidField(serializers.JSONField):
    """What a plan said, as it is stored."""


class PlanVersionSerializer(PlanVersionRowSerializer):
    """A version with what the plan said, and the wording of its goals and milestones at the time."""

    content = SaidField(read_only=True)


class ConsentDecisionSerializer(StrictSerializer):
    """What the patient decided about the `version` of the plan that they were shown."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    status = serializers.ChoiceField(GIVEN, default=ConsentEntry.Status.GRANTED)
    method = serializers.ChoiceField(MethodByHand.choices, default=ConsentEntry.Method.VERBAL)


class AskPlanConsentSerializer(StrictSerializer):
    """The `version` of the plan that the patient was shown."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class WriteMilestoneSerializer(StrictSerializer):
    """A milestone that is added."""

    description = ComposedField(max_length=MAX_DESCRIPTION)
    notes = ComposedField(required=False, allow_blank=True, max_length=MAX_NOTES)
    target_date = serializers.DateField(required=False, allow_null=True, validators=[validate_moment])


class ChangeMilestoneSerializer(WriteMilestoneSerializer):
    """What is changed of a milestone."""

    status = serializers.ChoiceField(PlanMilestone.Status.choices, required=False)


class MilestoneOrderSerializer(StrictSerializer):
    """The ids of all milestones of a plan, in their new order."""

    milestones = BoundedListField(child=serializers.UUIDField(), max_length=MOST)
