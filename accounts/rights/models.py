"""Patients' requests and disclosures of their records."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.care.querysets import PatientOwnedQuerySet
from accounts.rights.choices import FOR_A_COPY, AccessRequestKind, AccessRequestStatus, Basis
from accounts.rights.querysets import DisclosureQuerySet
from audit.audit_actions import Action
from audit.log import Access
from audit.states import StateMachine
from therapybridge.core.actor import SYSTEM, Actor
from therapybridge.core.errors import Conflict
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, one_of


class AccessRequest(StateMachine, BaseModel):
    """A patient's request about their own record, due in 30 days (45 CFR 164.524(b)(2), GDPR Art. 12(3))."""

    Kind = AccessRequestKind

    Status = AccessRequestStatus

    NEXT = {
        Status.RECEIVED: {Status.IN_PROGRESS, Status.FULFILLED, Status.DENIED, Status.WITHDRAWN},
        Status.IN_PROGRESS: {Status.FULFILLED, Status.DENIED, Status.WITHDRAWN},
        Status.FULFILLED: set(),
        Status.DENIED: set(),
        Status.WITHDRAWN: set(),
    }

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_requests")
    kind = models.CharField(max_length=12, choices=Kind)
    details = EncryptedTextField(purpose="access_request.details", null=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)
    due_at = models.DateTimeField()
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(purpose="access_request.answer", null=True)

    objects = PatientOwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["patient", "-id"], name="access_request_patient"),
            models.Index(fields=["status", "due_at"], name="access_request_due"),
        ]
        constraints = [
            one_of("kind", AccessRequestKind, "access_request_kind"),
            one_of("status", AccessRequestStatus, "access_request_status"),
            models.CheckConstraint(
                condition=models.Q(handled_by=None) | ~models.Q(handled_by=models.F("patient")),
                name="access_request_other_hands",
            ),
        ]

    def __str__(self) -> str:
        return f"Request {str(self.pk)[-8:]}"

    @property
    def is_open(self) -> bool:
        """Whether it still has to be answered."""
        return bool(self.NEXT[self.status])

    @property
    def is_for_a_copy(self) -> bool:
        """Whether a copy of the record answers it."""
        return self.kind in FOR_A_COPY

    @property
    def is_overdue(self) -> bool:
        """Whether it is open past its due date."""
        return self.is_open and self.due_at <= timezone.now()

    def move_to(
        self,
        new: str,
        *,
        action: Action | None = None,
        by: Actor | Access = SYSTEM,
        changed: Sequence[str] = (),
        **changes: Any,
    ) -> None:
        """See StateMachine; Conflict for a request that is closed or that someone else changed in the meantime."""
        super().move_to(new, action=action, by=by, changed=changed or ["status"], **changes)
        self.refresh_from_db()

    def _columns(self, new: str) -> dict[str, Any]:
        return {"status": new} | ({} if self.NEXT[new] else {"closed_at": timezone.now()})

    def _refused(self, new: str) -> Exception:
        if self.is_open:
            return Conflict("Work on this request has already started.")
        return Conflict("This request has already been closed.")

    def _lost(self) -> Exception:
        return Conflict("Someone else changed this request in the meantime.")


class Disclosure(BaseModel):
    """A disclosure of the record, or part of it, to someone else; listed for six years (45 CFR 164.528)."""

    Basis = Basis

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="disclosures")
    disclosed_at = models.DateTimeField()
    # The day as it was written, if without a time; `disclosed_at` is then noon of that day at the clinic, for sorting.
    disclosed_day = models.DateField(null=True, editable=False)
    basis = models.CharField(max_length=14, choices=Basis)
    recipient = EncryptedTextField(purpose="disclosure.recipient")
    what = EncryptedTextField(purpose="disclosure.what")
    why = EncryptedTextField(purpose="disclosure.why", null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-disclosed_at", "-id"]
        indexes = [models.Index(fields=["patient", "-disclosed_at", "-id"], name="disclosure_patient")]
        constraints = [
            one_of("basis", Basis, "disclosure_basis"),
        ]

    def __str__(self) -> str:
        return f"Disclosure {str(self.pk)[-8:]}"

    @property
    def disclosed_on(self) -> date:
        """The day, the same for every reader, or the point in time, if it is known."""
        return self.disclosed_day or self.disclosed_at
