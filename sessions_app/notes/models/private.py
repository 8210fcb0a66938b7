"""Private notes of a therapist: psychotherapy notes, kept apart from the record (45 CFR 164.501)."""

from django.conf import settings
from django.db import models

from sessions_app.models.session import TherapySession
from sessions_app.notes.querysets import PrivateNoteQuerySet
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel


class PrivateNote(BaseModel):
    """What a therapist writes down for themselves about a patient. Nobody else reads it, by any way.

    Neither the author's account nor the patient's is removed while it is there: records have retention periods, and a
    court may ask for what was written. An account is closed by deactivating it.
    """

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(TherapySession, null=True, on_delete=models.SET_NULL, related_name="+")
    text = EncryptedTextField(purpose="private_note.text")
    revision = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)

    objects = PrivateNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["author", "patient", "-id"], name="private_note_feed")]

    def __str__(self) -> str:
        return f"Private note {str(self.pk)[-8:]}"
