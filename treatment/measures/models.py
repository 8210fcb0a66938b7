"""Questionnaires: schedules, assignments and results. The questionnaires themselves are in `treatment.instruments`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.states import StateMachine
from sessions_app.models import TherapySession
from therapybridge.core.errors import Conflict
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField
from therapybridge.core.models import BaseModel, one_of
from treatment.measures.choices import AssignmentStatus, FilledBy
from treatment.measures.querysets import AssignmentQuerySet, ResultQuerySet, ScheduleQuerySet

A = AssignmentStatus


class MeasureSchedule(BaseModel):
    """That a patient fills in a questionnaire every so many days; each due date becomes one assignment."""

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="measure_schedules")
    instrument = models.CharField(max_length=20)  # its key; every assignment takes the version of its day
    every_days = models.PositiveSmallIntegerField()
    next_due_date = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["next_due_date"], name="measure_schedule_due", condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "instrument"], condition=Q(ended_at=None), name="measure_schedule_one_running"
            ),
            models.CheckConstraint(condition=Q(every_days__gte=1, every_days__lte=366), name="measure_schedule_rhythm"),
        ]

    def __str__(self) -> str:
        return f"Schedule {str(self.pk)[-8:]}"


class MeasureAssignment(StateMachine, BaseModel):
    """A questionnaire in one version that a patient is to fill in by a date; `is_overdue` once that has passed."""

    Status = AssignmentStatus
    NEXT = {
        A.OPEN: {A.COMPLETED, A.CANCELLED},
        A.COMPLETED: {A.OPEN, A.CANCELLED},  # when its result is withdrawn
        A.CANCELLED: set(),
    }

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="measure_assignments")
    schedule = models.ForeignKey(MeasureSchedule, null=True, on_delete=models.SET_NULL, related_name="assignments")
    instrument = models.CharField(max_length=20)
    instrument_version = models.PositiveSmallIntegerField()
    due_date = models.DateField()
    status = models.CharField(max_length=9, choices=AssignmentStatus, default=AssignmentStatus.OPEN, editable=False)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_date", "id"]
        indexes = [
            models.Index(fields=["patient", "due_date", "id"], name="measure_assignment_patient"),
            models.Index(fields=["due_date"], name="measure_assignment_due", condition=Q(status="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "due_date"], condition=Q(schedule__isnull=False), name="measure_assignment_once"
            ),
            models.UniqueConstraint(
                fields=["patient", "instrument"], condition=Q(status="open"), name="measure_assignment_one_open"
            ),
            one_of("status", AssignmentStatus, "measure_assignment_status"),
        ]

    def __str__(self) -> str:
        return f"Assignment {str(self.pk)[-8:]}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.status == A.OPEN

    def is_overdue(self, today: date) -> bool:
        """Whether it still waits after its due date, on the clinic's day `today`."""
        return self.is_open and self.due_date < today

    def _columns(self, new: str) -> dict[str, Any]:
        return {"status": new}

    def _refused(self, new: str) -> Exception:
        return Conflict(f"This questionnaire is {self.get_status_display().lower()}.", code="measure_not_open")


class MeasureResult(BaseModel):
    """One filled-in questionnaire. `outcome` holds answers by item, total, band, subscales and whether it was prorated;
    only the total where the questionnaire is licensed to others. A mistake is withdrawn with a reason, never changed.
    """

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="measure_results")
    assignment = models.ForeignKey(MeasureAssignment, null=True, on_delete=models.SET_NULL, related_name="results")
    session = models.ForeignKey(TherapySession, null=True, on_delete=models.SET_NULL, related_name="+")
    instrument = models.CharField(max_length=20)
    instrument_version = models.PositiveSmallIntegerField()
    taken_date = models.DateField()
    outcome = EncryptedJSONField(purpose="measure_result.outcome")
    filled_by = models.CharField(max_length=9, choices=FilledBy)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_key = models.CharField(max_length=64, blank=True)  # made by the sender, so that a double send counts once
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawal_reason = EncryptedTextField(purpose="measure_result.withdrawal_reason", null=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_date", "-id"]
        indexes = [
            models.Index(fields=["patient", "instrument", "-taken_date", "-id"], name="measure_result_series"),
            models.Index(fields=["patient", "-taken_date", "-id"], name="measure_result_patient"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(withdrawn_at=None, assignment__isnull=False),
                name="measure_result_one_standing",
            ),
            models.UniqueConstraint(
                fields=["patient", "sent_key"], condition=~Q(sent_key=""), name="measure_result_sent_once"
            ),
            one_of("filled_by", FilledBy, "measure_result_filled_by"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawal_reason__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawal_reason__isnull=False),
                name="measure_result_withdrawn_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Result {str(self.pk)[-8:]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only: a mistake is withdrawn."""
        if not self._state.adding:
            raise TypeError("Results of questionnaires are not changed.")
        super().save(*args, **kwargs)
