"""The job row: the source of truth for processing. Messages only wake workers; the row decides who works on what."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from audit.states import LeasedStateMachine
from sessions_app.models.session import TherapySession
from sessions_app.processing.choices import IDLE, Stage, chip_of
from sessions_app.querysets import PartQuerySet
from therapybridge.core.fields import EncryptedJSONField
from therapybridge.core.jobs import LeasedQuerySet
from therapybridge.core.models import BaseModel, one_of


class ProcessingJob(LeasedStateMachine, BaseModel):
    """The processing of one session, fenced by a token that changes with every claim."""

    Stage = Stage

    STATE = "stage"
    IDLE = IDLE
    RELATED = ("session",)
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
    timings = models.JSONField(default=dict)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="job_due",
                condition=~models.Q(stage__in=IDLE),
            ),
            models.Index(fields=["session"], name="job_asking", condition=models.Q(stage="speakers")),
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
