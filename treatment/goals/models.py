"""Goals in a tree, their ratings, and the library of interventions that serve them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Clinic
from audit.states import StateMachine
from therapybridge.core.errors import Conflict
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField
from therapybridge.core.models import BaseModel, one_of
from treatment.goals.choices import CLOSED, DROPPED, EvidenceLevel, GoalStatus, GoalTerm, Priority
from treatment.goals.querysets import GoalQuerySet, InterventionQuerySet
from treatment.plans.models import TreatmentPlan

G = GoalStatus
MAX_LEVEL = 3


class Goal(StateMachine, BaseModel):
    """What is to be reached. `progress` is in whole per cent: rated or measured for a goal without goals below it, else
    the weighted mean of those below. It never falls, unless the goal is opened again.

    `measurement` holds unit, baseline, current and target (decimals as text); better is whichever way the target lies.
    """

    Status = GoalStatus
    NEXT = {
        G.NOT_STARTED: {G.IN_PROGRESS, G.ACHIEVED, G.MODIFIED, G.DISCONTINUED},
        G.IN_PROGRESS: {G.ACHIEVED, G.MODIFIED, G.DISCONTINUED},
        G.ACHIEVED: {G.IN_PROGRESS},  # a relapse, or ticked off by mistake
        G.MODIFIED: set(),
        G.DISCONTINUED: {G.IN_PROGRESS},
    }

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.CASCADE, related_name="goals")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="goals")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.PositiveSmallIntegerField(default=1, editable=False)  # 1 without a parent
    position = models.IntegerField()  # among its siblings
    term = models.CharField(max_length=10, choices=GoalTerm)
    wording = EncryptedTextField(purpose="goal.wording")
    plain_wording = EncryptedTextField(purpose="goal.plain_wording")  # for the patient; empty: the wording
    smart = EncryptedJSONField(purpose="goal.smart", default=dict)  # specific, measurable, achievable, relevant, timed
    measurement = EncryptedJSONField(purpose="goal.measurement", null=True)
    priority = models.CharField(max_length=6, choices=Priority, default=Priority.MEDIUM)
    target_date = models.DateField(null=True)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)
    status = models.CharField(max_length=12, choices=GoalStatus, default=GoalStatus.NOT_STARTED, editable=False)
    reason = EncryptedTextField(purpose="goal.reason", null=True)  # why it was modified or discontinued
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    closed_date = models.DateField(null=True, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["level", "position", "id"]
        indexes = [
            models.Index(fields=["plan", "level", "position", "id"], name="goal_plan"),
            models.Index(fields=["patient", "-id"], name="goal_patient"),
        ]
        constraints = [
            one_of("term", GoalTerm, "goal_term"),
            one_of("priority", Priority, "goal_priority"),
            one_of("status", GoalStatus, "goal_status"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="goal_progress"),
            models.CheckConstraint(condition=~Q(status="achieved") | Q(progress=100), name="goal_achieved_whole"),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED, closed_date__isnull=False)
                | (~Q(status__in=CLOSED) & Q(closed_date__isnull=True)),
                name="goal_closed_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["modified", "discontinued"]) | Q(reason__isnull=False), name="goal_reason"
            ),
            models.CheckConstraint(
                condition=Q(parent=None, level=1) | Q(parent__isnull=False, level__gte=2, level__lte=MAX_LEVEL),
                name="goal_level",
            ),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="goal_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return f"Goal {str(self.pk)[-8:]}"

    @property
    def is_open(self) -> bool:
        """Whether it is worked on or will be."""
        return self.status not in CLOSED

    @property
    def counts(self) -> bool:
        """Whether it counts in the progress of the goal above it: not once it was replaced or given up."""
        return self.status not in DROPPED

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("goals:detail", args=[self.pk])

    @property
    def words_for_patient(self) -> str:
        """How its patient reads it."""
        return str(self.plain_wording or self.wording)

    def _held(self) -> models.QuerySet[Any]:
        return super()._held().filter(revision=self.revision)

    def _columns(self, new: str) -> dict[str, Any]:
        return {"status": new, "revision": self.revision + 1}

    def _refused(self, new: str) -> Exception:
        now = self.get_status_display().lower()
        return Conflict(f"This goal is {now}; it cannot become {G(new).label.lower()}.", code="invalid_transition")

    def _lost(self) -> Exception:
        return Conflict("Someone changed this goal in the meantime. Read it again.", code="edit_conflict")


class GoalRating(BaseModel):
    """How far a goal has come, in per cent, with why: estimated, or calculated from a measured `value`. Only added."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="ratings")
    percent = models.PositiveSmallIntegerField()
    value = EncryptedTextField(purpose="goal_rating.value", null=True)  # a decimal in the goal's unit
    rated_date = models.DateField()
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = EncryptedTextField(purpose="goal_rating.note")

    class Meta:
        ordering = ["-rated_date", "-id"]
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="goal_rating_percent")]

    def __str__(self) -> str:
        return f"Rating {str(self.pk)[-8:]}"


class Intervention(BaseModel):
    """An entry of the library: the product's (`key`, without a clinic) or a clinic's own."""

    Evidence = EvidenceLevel

    clinic = models.ForeignKey(Clinic, null=True, on_delete=models.CASCADE, related_name="interventions")
    key = models.CharField(max_length=60, blank=True, editable=False)
    name = models.CharField(max_length=120)
    modality = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=500, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    evidence_level = models.CharField(max_length=8, choices=EvidenceLevel, default=EvidenceLevel.UNKNOWN)
    evidence_source = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = InterventionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["clinic", "name", "id"], name="intervention_list")]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="intervention_key"),
            models.UniqueConstraint(
                fields=["clinic", "name"], condition=Q(retired_at=None), name="intervention_name_once"
            ),
            one_of("evidence_level", EvidenceLevel, "intervention_evidence"),
            models.CheckConstraint(
                condition=Q(clinic=None) & ~Q(key="") | Q(clinic__isnull=False, key=""),
                name="intervention_of_product_or_clinic",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_system(self) -> bool:
        """Whether the product brought it, so that nobody changes it."""
        return self.clinic_id is None


class GoalIntervention(BaseModel):
    """An intervention that serves a goal: how often, and how well it works for this patient (1 to 5)."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="interventions")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="uses")
    frequency = EncryptedTextField(purpose="goal_intervention.frequency")
    effectiveness = models.PositiveSmallIntegerField(null=True)
    notes = EncryptedTextField(purpose="goal_intervention.notes")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "intervention"], name="goal_intervention_once"),
            models.CheckConstraint(
                condition=Q(effectiveness=None) | Q(effectiveness__gte=1, effectiveness__lte=5),
                name="goal_intervention_effectiveness",
            ),
        ]

    def __str__(self) -> str:
        return f"Intervention {str(self.pk)[-8:]}"
