"""Schedules of exports, and which export was made for which day."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.rights.choices import Basis
from exports.choices import WITHOUT_PERIOD, ExportFormat, ExportKind
from exports.jobs.models import ExportJob
from exports.schedules.choices import Recurrence
from exports.schedules.querysets import ExportScheduleQuerySet
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, one_of


class ExportSchedule(BaseModel):
    """An export of one patient's record that is made again and again; it is ended and set anew, never changed.

    Occurrence 0 is on `first_day`; `following` is the number of the next one, which is made at `next_due_at`.
    """

    patient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="export_schedules", db_index=False
    )
    # By whose right the exports are made; without anybody none is.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=ExportKind)
    format = models.CharField(max_length=5, choices=ExportFormat)
    parameters = models.JSONField(default=dict)
    basis = models.CharField(max_length=14, choices=Basis)
    recipient = EncryptedTextField(purpose="export_schedule.recipient")
    purpose = EncryptedTextField(purpose="export_schedule.purpose")
    rhythm = models.CharField(max_length=7, choices=Recurrence)
    first_day = models.DateField()
    following = models.PositiveIntegerField(default=0)
    next_due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)

    objects = ExportScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="export_schedule_list"),
            models.Index(fields=["patient", "-id"], name="export_schedule_patient"),
            models.Index(fields=["next_due_at"], name="export_schedule_due", condition=Q(ended_at__isnull=True)),
        ]
        constraints = [
            one_of("kind", ExportKind, "export_schedule_kind"),
            one_of("format", ExportFormat, "export_schedule_format"),
            one_of("basis", Basis, "export_schedule_basis"),
            one_of("rhythm", Recurrence, "export_schedule_rhythm"),
        ]

    def __str__(self) -> str:
        return f"Schedule {str(self.pk)[-8:]}"

    @property
    def zone(self) -> ZoneInfo:
        """The owner's clock."""
        return self.owner.zone if self.owner else ZoneInfo("UTC")


class ScheduledExport(BaseModel):
    """The occurrence of a schedule: made once, whoever asks. The export may have been deleted since."""

    schedule = models.ForeignKey(ExportSchedule, on_delete=models.CASCADE, related_name="occurrences")
    number = models.PositiveIntegerField()
    day = models.DateField()
    job = models.OneToOneField(ExportJob, null=True, on_delete=models.SET_NULL, related_name="scheduled")
    announced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["id"], name="scheduled_to_announce", condition=Q(announced_at__isnull=True))]
        constraints = [models.UniqueConstraint(fields=["schedule", "number"], name="scheduled_export_once")]

    def __str__(self) -> str:
        return f"Scheduled export {str(self.pk)[-8:]}"


def days_of(schedule: ExportSchedule, covered: tuple[date, date]) -> dict[str, Any]:
    """The period of an occurrence, for kinds that have one."""
    start, end = covered
    return {} if schedule.kind in WITHOUT_PERIOD else {"start": start, "end": end}
