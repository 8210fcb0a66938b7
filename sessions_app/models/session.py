"""The therapy session, which everything else belongs to, and its status."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse

from accounts.models import Clinic
from audit.states import InvalidTransition, StateMachine
from sessions_app.choices import Modality, SessionKind, SessionStatus, session_title
from sessions_app.pipeline.speakers.resolve import People
from sessions_app.processing.choices import IDLE, Stage
from sessions_app.querysets import SessionQuerySet
from sessions_app.signals import session_processed
from therapybridge.core.jobs import LeaseLost
from therapybridge.core.models import BaseModel, one_of

S = SessionStatus
NO_ERROR: dict[str, Any] = {"error_code": "", "error_detail": "", "error_retriable": False}


class TherapySession(StateMachine, BaseModel):
    """One meeting of a patient and a therapist. Only `move_to` writes its status."""

    Status = SessionStatus
    NEXT = {
        S.PENDING: {S.UPLOADING, S.TRANSCRIBING, S.TRANSCRIBED, S.FAILED},
        S.HELD: {S.UPLOADING, S.TRANSCRIBING, S.TRANSCRIBED, S.FAILED},
        S.UPLOADING: {S.PENDING, S.TRANSCRIBING, S.FAILED},
        S.TRANSCRIBING: {S.TRANSCRIBED, S.FAILED},
        S.TRANSCRIBED: {S.EXTRACTING_NOTES, S.FAILED},
        S.EXTRACTING_NOTES: {S.PROCESSED, S.FAILED},
        S.PROCESSED: {S.EXTRACTING_NOTES},
        S.FAILED: {S.PENDING, S.TRANSCRIBED},
    }

    Modality = Modality
    Kind = SessionKind

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="sessions")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sessions")
    therapist = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="held_sessions"
    )
    session_date = models.DateTimeField()
    number = models.PositiveIntegerField(null=True, editable=False)
    modality = models.CharField(max_length=10, choices=Modality, default=Modality.IN_PERSON)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.INDIVIDUAL)
    status = models.CharField(max_length=20, choices=SessionStatus, default=SessionStatus.PENDING, editable=False)
    error_code = models.CharField(max_length=40, blank=True, editable=False)
    error_detail = models.CharField(max_length=300, blank=True, editable=False)
    error_retriable = models.BooleanField(default=False, editable=False)
    duration_seconds = models.FloatField(null=True, editable=False)
    processed_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-session_date", "-id"]
        indexes = [
            models.Index(fields=["patient", "-session_date", "-id"], name="session_patient_feed"),
            models.Index(fields=["clinic", "-session_date", "-id"], name="session_clinic_feed"),
            models.Index(fields=["status"], name="session_status"),
            models.Index(fields=["clinic", "updated_at"], name="session_changed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["patient", "number"], name="session_number_unique"),
            one_of("status", SessionStatus, "session_status_known"),
            one_of("modality", Modality, "session_modality"),
            one_of("kind", SessionKind, "session_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The session's page in the therapist portal."""
        return reverse("sessions:detail", args=[self.pk])

    def get_summary_url(self, **query: str) -> str:
        """Where the text for the patient is written and shared."""
        return f"{self.get_absolute_url()}?{urlencode({'show': 'patient', **query})}#patient-summary"

    def get_speakers_url(self) -> str:
        """Where a person says who is speaking."""
        return f"{self.get_absolute_url()}#who"

    def get_items_url(self) -> str:
        """Where what was agreed is listed."""
        return f"{self.get_absolute_url()}#agreed"

    @property
    def title(self) -> str:
        """The session's title."""
        return session_title(self.number)

    @property
    def is_running(self) -> bool:
        """Whether the session is being processed or queued."""
        return hasattr(self, "job") and self.job.stage not in IDLE

    @property
    def is_asking(self) -> bool:
        """Whether the note waits for a person to say who is speaking."""
        return hasattr(self, "job") and self.job.stage == Stage.SPEAKERS

    @property
    def people(self) -> People:
        """Who should be heard in the session."""
        return People(self.therapist.full_name if self.therapist else "", self.patient.full_name)

    # Set by pages that show running sessions.
    progress: object
    # Set by lists of sessions.
    pills: list[Any]

    # The lease under which the status is changed.
    _token: UUID | None = None

    def move_to(self, new: str, *, token: UUID | None = None, **changes: Any) -> None:
        """Compare-and-swap the status under the job's lease (`token`), or without a job when token is None.

        Raises InvalidTransition, and LeaseLost if another worker has taken over.
        """
        # An UPDATE that joins the job does not re-read the job after waiting for a lock.
        with self.locked():
            self._token = token
            super().move_to(new, **changes)
            if new == SessionStatus.PROCESSED:
                transaction.on_commit(self._tell_processed, robust=True)

    def _held(self) -> models.QuerySet[Any]:
        rows = super()._held()
        return rows.filter(job__token=self._token) if self._token else rows

    def _lost(self) -> Exception:
        return LeaseLost(self.pk) if self._token else InvalidTransition("This session has changed in the meantime.")

    def _refused(self, new: str) -> Exception:
        return InvalidTransition("This cannot be done now: the session has moved on. Look at its page again.")

    def _tell_processed(self) -> None:
        session_processed.send_robust(TherapySession, session=self)

    def end_with(self, error: dict[str, Any], *, token: UUID | None) -> None:
        """End with an error: failed, or back to processed if there is an earlier note."""
        end = SessionStatus.PROCESSED if self.processed_at else SessionStatus.FAILED
        if self.status == end:
            TherapySession.objects.filter(pk=self.pk).update(**error)
        else:
            self.move_to(end, token=token, **error)
