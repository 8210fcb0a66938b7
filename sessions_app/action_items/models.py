"""Action items: what patient and therapist agreed to do, until it is done or dropped."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from audit.states import StateMachine
from sessions_app.action_items.choices import OPEN, Assignee, ItemStatus
from sessions_app.action_items.querysets import ActionItemQuerySet, ItemClosingQuerySet
from sessions_app.models.session import TherapySession
from sessions_app.notes.models.drafts import Extraction
from therapybridge.core.errors import Conflict
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, one_of

S = ItemStatus


class ActionItem(StateMachine, BaseModel):
    """One agreed step, from a supported or kept statement of a draft; `extraction` is the latest draft that lists it.

    Drafts add, move and take away only what nobody has touched (`revision` 1). `move_to` is the only writer of its
    status, and refused if somebody else took a step since `revision`.
    """

    Status = ItemStatus
    Assignees = Assignee
    NEXT = {
        S.ASSIGNED: {S.ASSIGNED, S.IN_PROGRESS, S.COMPLETED, S.ABANDONED},
        S.IN_PROGRESS: {S.ASSIGNED, S.IN_PROGRESS, S.COMPLETED, S.ABANDONED},
        S.COMPLETED: {S.ASSIGNED},
        S.ABANDONED: {S.ASSIGNED},
    }

    session = models.ForeignKey(TherapySession, on_delete=models.CASCADE, related_name="action_items")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="action_items")
    extraction = models.ForeignKey(Extraction, null=True, on_delete=models.SET_NULL, related_name="+")
    statement = models.CharField(max_length=60)  # its id within that draft
    segments = models.JSONField(default=list)  # the indexes of the lines that it cites there
    task = EncryptedTextField(purpose="action_item.task")
    details = EncryptedTextField(purpose="action_item.details", null=True)
    assigned_to = models.CharField(max_length=9, choices=Assignee, default=Assignee.PATIENT)
    # False for what comes from lines about risk, which no text for the patient may be drawn from.
    is_for_patient = models.BooleanField(default=False)
    # When a therapist last shared the summary with this one listed under it; a withdrawal leaves it.
    told_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=11, choices=ItemStatus, default=ItemStatus.ASSIGNED, editable=False)
    reason = EncryptedTextField(purpose="action_item.reason", null=True)  # why it was dropped
    closed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["patient", "-id"], name="action_item_patient"),
            models.Index(fields=["patient", "-id"], name="action_item_open", condition=Q(status__in=OPEN)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["extraction", "statement"], name="action_item_once_per_statement"),
            one_of("status", ItemStatus, "action_item_status"),
            one_of("assigned_to", Assignee, "action_item_assigned_to"),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, closed_at=None, reason__isnull=True)
                | Q(status="completed", closed_at__isnull=False, reason__isnull=True)
                | Q(status="abandoned", closed_at__isnull=False, reason__isnull=False),
                name="action_item_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Action item {str(self.pk)[-8:]}"

    def get_absolute_url(self) -> str:
        """The page on which it is changed."""
        return reverse("action_items:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status in OPEN

    @property
    def is_untouched(self) -> bool:
        """Whether no person has changed it since a draft listed it."""
        return self.revision == 1

    def _held(self) -> models.QuerySet[Any]:
        return super()._held().filter(revision=self.revision)

    def _columns(self, new: str) -> dict[str, Any]:
        closed_at = None if new in OPEN else timezone.now()
        return {"status": new, "closed_at": closed_at, "revision": self.revision + 1}

    def _refused(self, new: str) -> Exception:
        return Conflict(f"This is {self.get_status_display().lower()}. Set it to “To do” first.", code="item_closed")

    def _lost(self) -> Exception:
        return Conflict("Someone changed this in the meantime. Read it again.", code="edit_conflict")


class ActionItemClosing(BaseModel):
    """That an item was done or dropped before somebody opened it again: when, by whom, and why it was dropped."""

    item = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="closings")
    status = models.CharField(max_length=11, choices=ItemStatus)
    reason = EncryptedTextField(purpose="action_item_closing.reason", null=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ItemClosingQuerySet.as_manager()

    class Meta:
        ordering = ["-closed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="completed", reason__isnull=True) | Q(status="abandoned", reason__isnull=False),
                name="action_item_closing_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Closing {str(self.pk)[-8:]}"
