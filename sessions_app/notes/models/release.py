"""What patients read of signed notes: everything, apart from what is withheld note by note."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sessions_app.notes.choices import WITHHELD_PLAINLY, WithholdingException
from sessions_app.notes.models.notes import SessionNote
from sessions_app.notes.querysets import WithholdingQuerySet
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel, one_of


class NoteWithholding(BaseModel):
    """A signed note withheld from its patient: on which ground, why, and until when that is looked at again.

    A release ends it, and the row stays. The reason is never shown to the patient.
    """

    Grounds = WithholdingException

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="withholdings")
    exception = models.CharField(max_length=12, choices=WithholdingException)
    reason = EncryptedTextField(purpose="note_withholding.reason")
    review_date = models.DateField()
    withheld_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["review_date"], name="note_review_due", condition=Q(released_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["note"], condition=Q(released_at=None), name="note_withheld_once"),
            one_of("exception", WithholdingException, "note_withholding_exception"),
        ]

    def __str__(self) -> str:
        return f"Withholding {str(self.pk)[-8:]}"

    @property
    def is_due(self) -> bool:
        """Whether it is to be looked at again, on the clinic's day or since some days."""
        return self.released_at is None and self.review_date <= self.note.clinic.today

    @property
    def told(self) -> str:
        """The exception in words for the patient."""
        return WITHHELD_PLAINLY[WithholdingException(self.exception)]
