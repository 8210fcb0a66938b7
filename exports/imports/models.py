"""The row of an import: who took in which file, from where, and what became of it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from pydantic import TypeAdapter

from accounts.models import Clinic
from audit.states import InvalidTransition, LeasedStateMachine
from exports.imports.choices import IDLE, ImportStatus
from exports.imports.querysets import ImportQuerySet
from exports.records.record import Origin
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField
from therapybridge.core.jobs import BEGUN, RUNNING
from therapybridge.core.models import BaseModel, one_of

S = ImportStatus
ORIGINS: TypeAdapter[list[Origin]] = TypeAdapter(list[Origin])


class RecordImport(LeasedStateMachine, BaseModel):
    """A file with a full record. It is checked, shown, and taken in once its therapist confirms; the row stays.

    `source` says whose record it is, from where and of when and, once it was taken in, all `origins` of the record;
    `conflicts` are ids that are taken here. The file is encrypted with a key of its own, and removed when it was taken
    in or discarded.
    """

    Status = ImportStatus
    IDLE = IDLE
    RELATED = ("clinic", "requested_by")
    NEXT = {
        S.CHECKING: {S.READY, S.FAILED},
        S.READY: {S.IMPORTING, S.FAILED},
        S.IMPORTING: {S.COMPLETED, S.FAILED},
        S.COMPLETED: set(),
        S.FAILED: set(),
    }

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    # By whose right it is taken in, and who treats the patient then; without anybody it stops.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="imports")
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.CHECKING, editable=False)
    source = EncryptedJSONField(purpose="record_import.told", default=dict)  # values are bound to the purpose
    counts = models.JSONField(default=dict)
    conflicts = models.JSONField(default=list)
    path = models.CharField(max_length=200, blank=True)
    file_key = EncryptedTextField(purpose="record_import.file_key", null=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["requested_by", "-id"], name="record_import_feed"),
            models.Index(fields=["next_attempt_at"], name="record_import_due", condition=~Q(status__in=IDLE)),
            models.Index(fields=["-stage_started_at"], name="record_import_begun", condition=BEGUN),
            models.Index(fields=["lease_until"], name="record_import_running", condition=RUNNING),
        ]
        constraints = [
            one_of("status", ImportStatus, "record_import_status"),
            models.CheckConstraint(
                condition=Q(status="completed", patient__isnull=False, completed_at__isnull=False)
                | ~Q(status="completed") & Q(patient=None, completed_at=None),
                name="record_import_whole",
            ),
            models.CheckConstraint(
                condition=Q(done_fraction__gte=0, done_fraction__lte=1), name="record_import_fraction"
            ),
        ]

    def __str__(self) -> str:
        return f"Import {str(self.pk)[-8:]}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("imports:detail", args=[self.pk])

    @property
    def file(self) -> Path:
        """The encrypted file."""
        return Path(settings.STORAGE_DIR) / self.path

    @property
    def origins(self) -> list[Origin]:
        """The exports of other practices from which it came, the earliest first; empty before it was taken in."""
        return ORIGINS.validate_python(self.source.get("origins", []))

    @property
    def is_running(self) -> bool:
        """Whether a worker has it, or will have it."""
        return self.status not in IDLE

    @property
    def may_be_taken_in(self) -> bool:
        """Whether it only waits for a confirmation."""
        return self.status == S.READY and not self.conflicts

    def _columns(self, new: str) -> dict[str, Any]:
        """Whoever moves it lets go of the lease."""
        return {"status": new, "token": None, "lease_until": None}

    def _refused(self, new: str) -> Exception:
        return InvalidTransition("This cannot be done now: the import has moved on. Look at its page again.")
