"""Treatment plans with milestones, reviews, versions and the patient's consent."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Clinic, ConsentEntry, ConsentRequest
from audit.states import StateMachine
from therapybridge.core.errors import Conflict
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField
from therapybridge.core.models import BaseModel, one_of
from treatment.plans.choices import (
    DUE_SOON,
    ENDED,
    Frequency,
    MilestoneStatus,
    PlanStatus,
    PlanVersionCause,
    ReviewOutcome,
    ReviewState,
)
from treatment.plans.querysets import PlanQuerySet, TreatmentQuerySet

P, M = PlanStatus, MilestoneStatus


class TreatmentPlan(StateMachine, BaseModel):
    """What a patient is treated for, and until when. `revision` counts every change, `version` those that people agreed
    on: the content of each version is kept.

    Two plans of a patient are active at once only where the clinic allows it (`runs_alone` is then False).
    """

    Status = PlanStatus
    NEXT = {
        P.DRAFT: {P.ACTIVE, P.DISCONTINUED},
        P.ACTIVE: {P.ON_HOLD, P.COMPLETED, P.DISCONTINUED},
        P.ON_HOLD: {P.ACTIVE, P.COMPLETED, P.DISCONTINUED},
        P.COMPLETED: set(),
        P.DISCONTINUED: set(),
    }

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="treatment_plans")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    title = EncryptedTextField(purpose="treatment_plan.title")
    codes = EncryptedJSONField(purpose="treatment_plan.codes", default=list)  # of ICD-10-CM, the main one first
    diagnosis = EncryptedTextField(purpose="treatment_plan.diagnosis")
    problems = EncryptedTextField(purpose="treatment_plan.problems")
    start_date = models.DateField()
    target_end_date = models.DateField(null=True)
    ended_date = models.DateField(null=True)
    session_frequency = models.CharField(max_length=12, choices=Frequency, default=Frequency.WEEKLY)
    review_every_days = models.PositiveSmallIntegerField(
        default=90, validators=[MinValueValidator(7), MaxValueValidator(366)]
    )
    next_review_date = models.DateField(null=True)  # while it is active
    status = models.CharField(max_length=12, choices=PlanStatus, default=PlanStatus.DRAFT, editable=False)
    reason = EncryptedTextField(purpose="treatment_plan.reason", null=True)  # why it was put on hold or discontinued
    runs_alone = models.BooleanField(default=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)  # 0 until it was first active
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-start_date", "-id"]
        indexes = [
            models.Index(fields=["patient", "-start_date", "-id"], name="plan_patient"),
            models.Index(fields=["clinic", "next_review_date"], name="plan_review", condition=Q(status="active")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(status="active", runs_alone=True), name="plan_one_active"
            ),
            one_of("status", PlanStatus, "plan_status"),
            one_of("session_frequency", Frequency, "plan_session_frequency"),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, ended_date__isnull=False)
                | (~Q(status__in=ENDED) & Q(ended_date__isnull=True)),
                name="plan_ended_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["on_hold", "discontinued"]) | Q(reason__isnull=False), name="plan_reason"
            ),
            models.CheckConstraint(
                condition=Q(status="active", next_review_date__isnull=False)
                | (~Q(status="active") & Q(next_review_date__isnull=True)),
                name="plan_next_review",
            ),
            models.CheckConstraint(
                condition=(Q(target_end_date=None) | Q(target_end_date__gte=F("start_date")))
                & (Q(ended_date=None) | Q(ended_date__gte=F("start_date"))),
                name="plan_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(review_every_days__gte=7, review_every_days__lte=366), name="plan_review_rhythm"
            ),
        ]

    def __str__(self) -> str:
        return f"Treatment plan {str(self.pk)[-8:]}"

    def get_absolute_url(self) -> str:
        """The therapists' page."""
        return reverse("plans:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.status not in ENDED

    @property
    def was_started(self) -> bool:
        """Whether it was ever active, so that its patient may read it."""
        return self.version > 0

    def review_state(self, today: date) -> ReviewState | None:
        """Whether its review is due on the clinic's day `today`; None unless it is active."""
        if self.next_review_date is None:
            return None
        if self.next_review_date < today:
            return ReviewState.OVERDUE
        return ReviewState.DUE if self.next_review_date - today <= DUE_SOON else ReviewState.ON_TIME

    def _held(self) -> models.QuerySet[Any]:
        return super()._held().filter(revision=self.revision)

    def _columns(self, new: str) -> dict[str, Any]:
        return {"status": new, "revision": self.revision + 1}

    def _refused(self, new: str) -> Exception:
        now = self.get_status_display().lower()
        return Conflict(f"This plan is {now}; it cannot become {P(new).label.lower()}.", code="invalid_transition")

    def _lost(self) -> Exception:
        return Conflict("Someone changed this plan in the meantime. Read it again.", code="edit_conflict")


class PlanVersion(BaseModel):
    """What a plan with its goals said when it was started, reviewed or changed. Only added."""

    Cause = PlanVersionCause

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=8, choices=PlanVersionCause, default=PlanVersionCause.CHANGED)
    content = EncryptedJSONField(purpose="plan_version.content")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number"),
            one_of("cause", PlanVersionCause, "plan_version_cause"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of plan {str(self.plan_id)[-8:]}"


class PlanReview(BaseModel):
    """A review of a plan: when it was due, when and by whom it was held, and what it decided. Only added; one a day."""

    Outcome = ReviewOutcome

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.CASCADE, related_name="reviews")
    due_date = models.DateField()
    reviewed_date = models.DateField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=9, choices=ReviewOutcome)
    notes = EncryptedTextField(purpose="plan_review.notes")
    version = models.PositiveIntegerField()  # of the plan that was reviewed

    class Meta:
        ordering = ["-reviewed_date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "reviewed_date"], name="plan_review_once_a_day"),
            one_of("outcome", ReviewOutcome, "plan_review_outcome"),
        ]

    def __str__(self) -> str:
        return f"Review {str(self.pk)[-8:]}"


class PlanConsent(BaseModel):
    """A decision of the consent log about one version of a plan. Only added."""

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.CASCADE, related_name="consents")
    version = models.PositiveIntegerField()
    entry = models.OneToOneField(ConsentEntry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Consent to version {self.version} of plan {str(self.plan_id)[-8:]}"


class PlanConsentRequest(BaseModel):
    """A signing link about one version of a plan. Only added."""

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.CASCADE, related_name="consent_requests")
    version = models.PositiveIntegerField()
    request = models.OneToOneField(ConsentRequest, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Signing link for version {self.version} of plan {str(self.plan_id)[-8:]}"


class PlanMilestone(StateMachine, BaseModel):
    """A step of a plan; `position` counts from 1 without gaps."""

    Status = MilestoneStatus
    NEXT = {
        M.PENDING: {M.IN_PROGRESS, M.ACHIEVED, M.DISCONTINUED},
        M.IN_PROGRESS: {M.PENDING, M.ACHIEVED, M.DISCONTINUED},
        M.ACHIEVED: {M.IN_PROGRESS},  # ticked off by mistake
        M.DISCONTINUED: {M.PENDING},
    }

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.CASCADE, related_name="milestones")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.IntegerField()
    description = EncryptedTextField(purpose="plan_milestone.description")
    notes = EncryptedTextField(purpose="plan_milestone.notes")
    target_date = models.DateField(null=True)
    achieved_date = models.DateField(null=True)
    status = models.CharField(max_length=12, choices=MilestoneStatus, default=MilestoneStatus.PENDING, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = TreatmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plan_milestone_position"),
            one_of("status", MilestoneStatus, "plan_milestone_status"),
            models.CheckConstraint(
                condition=Q(status="achieved", achieved_date__isnull=False)
                | (~Q(status="achieved") & Q(achieved_date__isnull=True)),
                name="plan_milestone_achieved_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Milestone {str(self.pk)[-8:]}"

    def _held(self) -> models.QuerySet[Any]:
        return super()._held().filter(revision=self.revision)

    def _columns(self, new: str) -> dict[str, Any]:
        return {"status": new, "revision": self.revision + 1}

    def _lost(self) -> Exception:
        return Conflict("Someone changed this milestone in the meantime. Read it again.", code="edit_conflict")
