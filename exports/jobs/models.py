"""The row of an export: who asked for what, how far it has come, and where its file is."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, Clinic
from accounts.rights.choices import Basis
from audit.states import LeasedStateMachine
from exports.choices import IDLE, ExportFormat, ExportKind, ExportStatus
from exports.jobs.querysets import ExportQuerySet
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.jobs import BEGUN, RUNNING
from therapybridge.core.models import BaseModel, one_of

S = ExportStatus
NO_ERROR: dict[str, Any] = {"error_code": "", "error_detail": "", "error_retriable": False}


class ExportJob(LeasedStateMachine, BaseModel):
    """One export of one patient's record. Only `move_to` writes its status.

    `parameters` holds ids, days and names of choices, and no words of the record. The file is encrypted with a key of
    its own, which is encrypted here.
    """

    Kind, Format, Status = ExportKind, ExportFormat, ExportStatus
    IDLE = IDLE
    RELATED = ("patient__clinic", "clinic", "access_request")
    NEXT = {
        S.PENDING: {S.PROCESSING, S.FAILED},
        S.PROCESSING: {S.COMPLETED, S.FAILED},
        S.COMPLETED: {S.EXPIRED},
        S.FAILED: {S.PENDING},
        S.EXPIRED: set(),
    }

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports", db_index=False
    )
    # By whose right it is made and downloaded; without anybody it stops.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # The request that entitles a patient to a copy; only patients' own exports have one.
    access_request = models.ForeignKey(AccessRequest, null=True, on_delete=models.PROTECT, related_name="exports")
    kind = models.CharField(max_length=20, choices=ExportKind)
    format = models.CharField(max_length=5, choices=ExportFormat)
    parameters = models.JSONField(default=dict)
    basis = models.CharField(max_length=14, choices=Basis)
    recipient = EncryptedTextField(purpose="export.recipient")
    purpose = EncryptedTextField(purpose="export.purpose")
    status = models.CharField(max_length=10, choices=ExportStatus, default=ExportStatus.PENDING, editable=False)
    # How many of what are in the file, and how many were withheld.
    counts = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file_key = EncryptedTextField(purpose="export.file_key", null=True)
    completed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    downloads = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)
    error_retriable = models.BooleanField(default=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["patient", "-id"], name="export_patient_feed"),
            models.Index(fields=["requested_by", "-id"], name="export_requester_feed"),
            models.Index(fields=["next_attempt_at"], name="export_due", condition=~Q(status__in=IDLE)),
            models.Index(fields=["-stage_started_at"], name="export_begun", condition=BEGUN),
            models.Index(fields=["lease_until"], name="export_running", condition=RUNNING),
            models.Index(fields=["expires_at"], name="export_expiring", condition=Q(status="completed")),
        ]
        constraints = [
            one_of("kind", ExportKind, "export_kind"),
            one_of("format", ExportFormat, "export_format"),
            one_of("status", ExportStatus, "export_status"),
            one_of("basis", Basis, "export_basis"),
            models.CheckConstraint(condition=Q(done_fraction__gte=0, done_fraction__lte=1), name="export_fraction"),
            models.CheckConstraint(
                condition=Q(status="completed", completed_at__isnull=False, expires_at__isnull=False)
                & ~Q(path="")
                & ~Q(sha256="")
                | ~Q(status="completed") & Q(path="", file_key__isnull=True),
                name="export_file_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Export {str(self.pk)[-8:]}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("exports:detail", args=[self.pk])

    @property
    def file(self) -> Path:
        """The encrypted file."""
        return Path(settings.STORAGE_DIR) / self.path

    @property
    def is_available(self) -> bool:
        """Whether there is a file that has not expired."""
        return self.status == S.COMPLETED and self.expires_at is not None and self.expires_at > timezone.now()

    @property
    def is_running(self) -> bool:
        """Whether it waits for a worker or one works on it."""
        return self.status not in IDLE

    @property
    def percent(self) -> int:
        """How much of the work is done, 0..100."""
        return 100 if self.status in (S.COMPLETED, S.EXPIRED) else min(99, round(self.done_fraction * 100))

    @property
    def start(self) -> date | None:
        """The first day of the chosen period."""
        return _day(self.parameters.get("start"))

    @property
    def end(self) -> date | None:
        """The last day of the chosen period."""
        return _day(self.parameters.get("end"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
