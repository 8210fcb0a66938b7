"""The note on a session, its versions, signatures and addenda."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Clinic
from audit.states import StateMachine
from sessions_app.models.session import TherapySession
from sessions_app.notes.choices import LOCKED, AddendumKind, ArchiveMove, NoteStatus, SignatureRole, VersionCause
from sessions_app.notes.models.templates import TemplateVersion
from sessions_app.notes.querysets import NotePartQuerySet, NoteQuerySet
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField
from therapybridge.core.models import BaseModel, one_of

S = NoteStatus


class NoteLocked(TypeError):
    """A signed note is never changed; a database trigger refuses it too."""


class SessionNote(StateMachine, BaseModel):
    """The clinical note on a session. Only `move_to` writes its status.

    `content` is what `notes.content.Content` reads; each of its fields knows the `revision` at which it last changed.
    """

    Status = NoteStatus
    NEXT = {
        S.DRAFT: {S.COMPLETED},
        S.COMPLETED: {S.DRAFT, S.SIGNED},
        S.SIGNED: {S.AMENDED, S.ARCHIVED},
        S.AMENDED: {S.ARCHIVED},
        S.ARCHIVED: {S.SIGNED, S.AMENDED},
    }

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="clinical_notes")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="clinical_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="notes")
    status = models.CharField(max_length=10, choices=NoteStatus, default=NoteStatus.DRAFT, editable=False)
    content = EncryptedJSONField(purpose="note.content")
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    deleted_at = models.DateTimeField(null=True)
    deletion_reason = EncryptedTextField(purpose="note.deletion_reason", null=True)

    objects = NoteQuerySet.as_manager()

    # Set where the content is shown by field.
    written: object

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["patient", "-id"], name="note_patient_feed"),
            models.Index(fields=["clinic", "-id"], name="note_clinic_feed"),
            models.Index(
                fields=["author", "id"],
                name="note_unsigned",
                condition=Q(status__in=("draft", "completed"), deleted_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["session"], condition=Q(deleted_at=None), name="note_one_per_session"),
            one_of("status", NoteStatus, "note_status"),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "completed"), signed_at=None, content_hash="")
                | Q(status__in=LOCKED, signed_at__isnull=False, deleted_at=None) & ~Q(content_hash=""),
                name="note_signed_with_hash",
            ),
            models.CheckConstraint(
                condition=Q(status="archived", archived_at__isnull=False)
                | ~Q(status="archived") & Q(archived_at__isnull=True),
                name="note_archived_since",
            ),
        ]

    def __str__(self) -> str:
        return f"Note {str(self.pk)[-8:]}"

    def get_absolute_url(self) -> str:
        """The page of its session, where it is written and read."""
        return reverse("sessions:note", args=[self.session_id])

    @property
    def is_locked(self) -> bool:
        """Whether it is part of the legal record, so that only addenda can follow."""
        return self.status in LOCKED

    @property
    def is_archived(self) -> bool:
        """Whether it is filed away: still part of the legal record, but out of the lists."""
        return self.status == NoteStatus.ARCHIVED

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to write a locked note; `move_to` changes its status."""
        if self.is_locked and not self._state.adding:
            raise NoteLocked("A signed note is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse to delete a locked note."""
        if self.is_locked:
            raise NoteLocked("A signed note is never deleted.")
        return super().delete(*args, **kwargs)


class _Added(BaseModel):
    """A row that is only added."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if not self._state.adding:
            raise NoteLocked(f"{type(self).__name__} rows are only added.")
        super().save(*args, **kwargs)


class NoteVersion(_Added):
    """The content of a note at a moment that may be asked for; of a conflict, the text that was not saved."""

    Cause = VersionCause

    note = models.ForeignKey(SessionNote, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=12, choices=VersionCause)
    revision = models.PositiveIntegerField()
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="+")
    content = EncryptedJSONField(purpose="note_version.content")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = NotePartQuerySet.as_manager()

    # Set where the content is shown by field.
    written: object

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="note_version_unique"),
            one_of("cause", VersionCause, "note_version_cause"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class NoteSignature(_Added):
    """A signature below a note: who, when, as what, and the hash of what was signed."""

    Role = SignatureRole

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=10, choices=SignatureRole)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signer_name = EncryptedTextField(purpose="note_signature.signer_name")
    signed_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    objects = NotePartQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["note"], condition=Q(role=SignatureRole.AUTHOR), name="note_signed_once_by_author"
            ),
            models.UniqueConstraint(fields=["note", "signer"], name="note_signed_once_by_each"),
            one_of("role", SignatureRole, "note_signature_role"),
        ]

    def __str__(self) -> str:
        return f"Signature {str(self.pk)[-8:]}"


class NoteAddendum(_Added):
    """A signed addition to a signed note, with its reason. It never replaces what stands there."""

    Kind = AddendumKind

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="addenda")
    kind = models.CharField(max_length=10, choices=AddendumKind)
    reason = EncryptedTextField(purpose="note_addendum.reason")
    text = EncryptedTextField(purpose="note_addendum.text")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = EncryptedTextField(purpose="note_addendum.author_name")
    signed_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    objects = NotePartQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [one_of("kind", AddendumKind, "note_addendum_kind")]

    def __str__(self) -> str:
        return f"Addendum {str(self.pk)[-8:]}"


class ArchiveStep(_Added):
    """A signed note was filed away, or taken out again: by whom, when and why."""

    Move = ArchiveMove

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="archive_steps")
    move = models.CharField(max_length=10, choices=ArchiveMove)
    reason = EncryptedTextField(purpose="archive_step.reason")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    moved_by_name = EncryptedTextField(purpose="archive_step.moved_by_name")
    moved_at = models.DateTimeField()

    objects = NotePartQuerySet.as_manager()

    class Meta:
        ordering = ["-moved_at", "-id"]
        constraints = [one_of("move", ArchiveMove, "archive_step_move")]

    def __str__(self) -> str:
        return f"Archive step {str(self.pk)[-8:]}"
