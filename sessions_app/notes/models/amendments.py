"""Corrections of signed notes that patients ask for (45 CFR 164.526)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from audit.states import StateMachine
from sessions_app.notes.choices import DENIED_PLAINLY, AmendmentStatus, DenialGround
from sessions_app.notes.models.notes import NoteAddendum, SessionNote
from sessions_app.notes.querysets import AmendmentQuerySet
from therapybridge.core.errors import Conflict
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, one_of

S = AmendmentStatus


class AmendmentRequest(StateMachine, BaseModel):
    """What a patient wants corrected in a signed note, and the answer. The note itself never changes.

    An accepted one has the addendum that corrects it; to a denied one the patient may add a statement, which then
    stands with the note. Due in 60 days, once extended by 30 (45 CFR 164.526(b)(2)).
    """

    Status = AmendmentStatus
    Grounds = DenialGround
    NEXT = {S.OPEN: {S.ACCEPTED, S.DENIED}, S.ACCEPTED: set(), S.DENIED: set()}

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="amendment_requests")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="amendment_requests")
    text = EncryptedTextField(purpose="amendment_request.text")
    status = models.CharField(max_length=8, choices=AmendmentStatus, default=AmendmentStatus.OPEN, editable=False)
    due_date = models.DateField()
    extended_at = models.DateTimeField(null=True)
    extension_reason = EncryptedTextField(purpose="amendment_request.extension_reason", null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    addendum = models.OneToOneField(NoteAddendum, null=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=13, choices=DenialGround, blank=True)
    answer = EncryptedTextField(purpose="amendment_request.answer", null=True)
    statement = EncryptedTextField(purpose="amendment_request.statement", null=True)
    statement_at = models.DateTimeField(null=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["note", "-id"], name="amendment_note"),
            models.Index(fields=["due_date"], name="amendment_due", condition=Q(status="open")),
        ]
        constraints = [
            one_of("status", AmendmentStatus, "amendment_status"),
            one_of("ground", ["", *DenialGround.values], "amendment_ground"),
            models.CheckConstraint(
                condition=Q(status="open", answered_at=None, addendum=None, ground="", statement_at=None)
                | Q(status="accepted", answered_at__isnull=False, addendum__isnull=False, ground="", statement_at=None)
                | Q(status="denied", answered_at__isnull=False, addendum=None) & ~Q(ground=""),
                name="amendment_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Correction {str(self.pk)[-8:]}"

    def url_on(self, view: str) -> str:
        """Its place on a page of its note: `notes:detail` for therapists, `portal_notes:detail` for the patient."""
        return f"{reverse(view, args=[self.note_id])}#correction-{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.status == AmendmentStatus.OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether it is open past its due date, which is a day of the clinic."""
        return self.is_open and self.due_date < self.note.clinic.today

    @property
    def may_be_extended(self) -> bool:
        """Whether the answer can still be put off: once, and before it is due."""
        return self.is_open and self.extended_at is None and not self.is_overdue

    @property
    def may_be_disputed(self) -> bool:
        """Whether the patient can still add a statement."""
        return self.status == AmendmentStatus.DENIED and self.statement_at is None

    @property
    def told(self) -> str:
        """The ground of a denial in words for the patient."""
        return DENIED_PLAINLY[DenialGround(self.ground)] if self.ground else ""

    def _columns(self, new: str) -> dict[str, Any]:
        return {"status": new, "answered_at": timezone.now()}

    def _refused(self, new: str) -> Exception:
        return Conflict("This request has been answered already.", code="already_answered")

    def _lost(self) -> Exception:
        return self._refused(self.status)
