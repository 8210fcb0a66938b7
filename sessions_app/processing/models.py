"""The job row: the source of truth for processing. Messages only wake workers; the row decides who works on what."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Case, F, When
from django.db.models.functions import Now
from django.utils import timezone

from audit.states import StateMachine
from sessions_app.models.session import LeaseLost, TherapySession
from sessions_app.processing.choices import IDLE, Stage, chip_of
from sessions_app.processing.querysets import JobQuerySet
from sessions_app.querysets import PartQuerySet
from therapybridge.core.fields import EncryptedJSONField
from therapybridge.core.models import BaseModel, one_of


class ProcessingJob(StateMachine, BaseModel):
    """The processing of one session, fenced by a token that changes with every claim."""

    Stage = Stage

    STATE = "stage"
    NEXT = {
        Stage.CHECK: {Stage.TRANSCRIBE, Stage.FAILED},
        Stage.TRANSCRIBE: {Stage.ASSEMBLE, Stage.CHECK, Stage.FAILED},
        Stage.ASSEMBLE: {Stage.EXTRACT, Stage.SPEAKERS, Stage.FAILED},
        Stage.SPEAKERS: {Stage.EXTRACT, Stage.FAILED},
        Stage.EXTRACT: {Stage.FINISH, Stage.RECHECK, Stage.FAILED},
        Stage.RECHECK: {Stage.FINISH, Stage.RECHECK, Stage.FAILED},
        Stage.FINISH: {Stage.DONE, Stage.FAILED},
        Stage.DONE: {Stage.EXTRACT, Stage.RECHECK},
        Stage.FAILED: set(Stage) - {Stage.DONE, Stage.FAILED},
    }

    session = models.OneToOneField(TherapySession, on_delete=models.CASCADE, related_name="job")
    # By whose right the work is done; without anybody it stops.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.CHECK)
    failed_stage = models.CharField(max_length=12, blank=True)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    last_error = models.CharField(max_length=40, blank=True)
    done_fraction = models.FloatField(default=0)
    stage_started_at = models.DateTimeField(null=True)
    finish_expected_at = models.DateTimeField(null=True)
    timings = models.JSONField(default=dict)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="job_due",
                condition=~models.Q(stage__in=IDLE),
            )
        ]
        constraints = [
            one_of("stage", Stage, "job_stage_known"),
            models.CheckConstraint(condition=models.Q(done_fraction__gte=0, done_fraction__lte=1), name="job_fraction"),
        ]

    def __str__(self) -> str:
        return f"Job {str(self.pk)[-8:]}: {self.stage}"

    @property
    def chip(self) -> str:
        """What it is doing, in a word."""
        return chip_of(self.stage, is_begun=self.stage_started_at is not None, is_postponed=self.is_postponed)

    @property
    def is_postponed(self) -> bool:
        """Whether an attempt failed and the next one is still to come."""
        return bool(self.last_error) and self.token is None and self.next_attempt_at > timezone.now()

    @property
    def is_repeated(self) -> bool:
        """Whether an earlier attempt at the stage was interrupted."""
        return self.attempts > 1 or (self.attempts == 1 and self.token is None)

    @classmethod
    def claim(cls, pk: UUID) -> "ProcessingJob | None":
        """Claim the job if it is due, by a conditional UPDATE: only one of many callers wins, the others get None."""
        token = uuid4()
        lease = Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        # What an earlier attempt led to expect is void.
        expected = Case(When(attempts=0, then=F("finish_expected_at")), default=None)
        claimed = {"token": token, "lease_until": lease, "attempts": F("attempts") + 1, "stage_started_at": Now()}
        won = cls.objects.due().filter(pk=pk).update(**claimed, finish_expected_at=expected)
        return cls.objects.select_related("session").get(pk=pk, token=token) if won else None

    def renew(self) -> None:
        """Renew the lease; LeaseLost if another worker took over or the session was cancelled."""
        lease = Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        if not ProcessingJob.objects.held_by(self).update(lease_until=lease):
            raise LeaseLost(self.pk)

    def require_lease(self) -> None:
        """LeaseLost if another worker took over or the session was cancelled; the lease is not renewed."""
        if not ProcessingJob.objects.held_by(self).exists():
            raise LeaseLost(self.pk)

    def write(self, **changes: Any) -> None:
        """Update the row under the lease, inside the caller's transaction; LeaseLost without the lease."""
        if not ProcessingJob.objects.held_by(self).update(**changes):
            raise LeaseLost(self.pk)

    def report(self, fraction: float, expected_at: datetime | None) -> None:
        """Store how much of the stage is done (0..1) and when all will be; neither goes back."""
        if self.finish_expected_at and (expected_at is None or expected_at > self.finish_expected_at):
            expected_at = self.finish_expected_at
        fraction = min(max(fraction, self.done_fraction), 1.0)
        self.write(done_fraction=fraction, finish_expected_at=expected_at)
        self.done_fraction, self.finish_expected_at = fraction, expected_at

    def advance(self, stage: str, **changes: Any) -> None:
        """Move the job to the next stage and release it; attempts are reset. LeaseLost without the lease."""
        if stage in IDLE:
            changes["finish_expected_at"] = None
        self.move_to(
            stage,
            token=None,
            lease_until=None,
            attempts=0,
            next_attempt_at=Now(),
            done_fraction=0,
            last_error="",
            **changes,
        )

    def fail(self, code: str) -> None:
        """End the job under the lease; the failed stage is kept, so that a person can retry it."""
        self.move_to(
            self.Stage.FAILED,
            failed_stage=self.stage,
            token=None,
            lease_until=None,
            finish_expected_at=None,
            last_error=code,
        )

    def stop(self, code: str) -> None:
        """Fail the job whoever holds its lease, who can then neither commit nor renew; Conflict when it went on."""
        self.token = None
        self.fail(code)

    def restart(self, stage: str, *, requested_by: Any) -> None:
        """Restart an idle job at `stage`, with the access of the therapist who requested it last."""
        self.move_to(
            stage,
            requested_by=requested_by,
            failed_stage="",
            attempts=0,
            token=None,
            lease_until=None,
            next_attempt_at=Now(),
            done_fraction=0,
            finish_expected_at=None,
        )

    def _held(self) -> models.QuerySet[Any]:
        return ProcessingJob.objects.held_by(self) if self.token else super()._held()

    def _remember(self, columns: Mapping[str, Any]) -> None:
        """Keep the lease on the object: if the transaction fails, the worker still needs it."""

    def _lost(self) -> Exception:
        return LeaseLost(self.pk) if self.token else super()._lost()

    def postpone(self, seconds: float, code: str) -> None:
        """Release the job and retry the same stage in `seconds`."""
        later = Now() + timedelta(seconds=seconds)
        released = {"token": None, "lease_until": None, "finish_expected_at": None}
        self.write(**released, next_attempt_at=later, last_error=code, attempts=self.attempts)


class TranscriptPiece(BaseModel):
    """A checkpoint: one chunk of the recording and, once transcribed, its text. Each chunk is paid for once."""

    session = models.ForeignKey(TherapySession, on_delete=models.CASCADE, related_name="pieces")
    index = models.PositiveIntegerField()
    start = models.FloatField()
    end = models.FloatField()
    path = models.CharField(max_length=200)
    is_utterance = models.BooleanField(default=False)
    speech = models.JSONField(null=True)  # spans in seconds from the start of the chunk
    text = EncryptedJSONField(purpose="piece.text", null=True)
    done_at = models.DateTimeField(null=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["session", "index"], name="piece_unique"),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="piece_times"),
        ]

    def __str__(self) -> str:
        return f"Piece {self.index}"
