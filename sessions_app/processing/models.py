"""The job row: the source of truth for processing. Messages only wake workers; the row decides who works on what."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from audit.states import LeasedStateMachine
from sessions_app.models.session import TherapySession
from sessions_app.processing.choices import IDLE, EngineKind, Stage, chip_of
from sessions_app.querysets import PartQuerySet
from therapybridge.core.fields import EncryptedJSONField
from therapybridge.core.jobs import BEGUN, RUNNING, LeasedQuerySet
from therapybridge.core.models import BaseModel, BaseQuerySet, one_of


class JobQuerySet(LeasedQuerySet):
    """Queries on processing jobs."""

    def due(self) -> Self:
        """Without those that wait for an engine."""
        return super().due().filter(waits_for="")

    def waiting_for(self, kind: str) -> Self:
        """Those that wait for an engine; first the one that has not been tried for the longest time."""
        return self.filter(waits_for=kind).order_by("next_attempt_at", "pk")


class ProcessingJob(LeasedStateMachine, BaseModel):
    """The processing of one session, fenced by a token that changes with every claim."""

    Stage = Stage

    STATE = "stage"
    IDLE = IDLE
    CLINIC = "session__clinic"
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
    # The engine without which it cannot go on; it is not due as long as that is named.
    waits_for = models.CharField(max_length=12, choices=EngineKind, blank=True)
    engine_failed_at = models.DateTimeField(null=True)  # in this stage

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="job_due",
                condition=~models.Q(stage__in=IDLE),
            ),
            models.Index(fields=["session"], name="job_asking", condition=models.Q(stage="speakers")),
            models.Index(fields=["-stage_started_at"], name="job_begun", condition=BEGUN),
            models.Index(fields=["lease_until"], name="job_running", condition=RUNNING),
            models.Index(fields=["updated_at"], name="job_changed"),
            models.Index(
                fields=["waits_for", "next_attempt_at"], name="job_waiting", condition=~models.Q(waits_for="")
            ),
        ]
        constraints = [
            one_of("stage", Stage, "job_stage_known"),
            one_of("waits_for", ["", *EngineKind.values], "job_engine_known"),
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
        is_later = bool(self.waits_for) or self.next_attempt_at > timezone.now()
        return bool(self.last_error) and self.token is None and is_later

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
            engine_failed_at=None,
            **changes,
        )

    def wait_for(self, kind: str, code: str, **changes: Any) -> None:
        """Release the job until that engine answers; the attempt does not count. LeaseLost without the lease."""
        released = {"token": None, "lease_until": None, "finish_expected_at": None}
        attempts = max(self.attempts - 1, 0)
        self.write(**released, waits_for=kind, last_error=code, attempts=attempts, next_attempt_at=Now(), **changes)

    def fail(self, code: str) -> None:
        """End the job under the lease; the failed stage is kept, so that a person can retry it."""
        self.move_to(
            self.Stage.FAILED,
            failed_stage=self.stage,
            token=None,
            lease_until=None,
            finish_expected_at=None,
            last_error=code,
            waits_for="",
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
            last_error="",
            waits_for="",
            engine_failed_at=None,
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


class CircuitQuerySet(BaseQuerySet["EngineCircuit"]):
    """Queries on circuits."""

    def open(self) -> Self:
        """Those whose engine nobody calls, but one job at a time to try."""
        return self.filter(opened_at__isnull=False)

    def to_probe(self) -> Self:
        """Open ones that a job may try now: a job that is trying already must have lost its lease."""
        trying = ProcessingJob.objects.filter(token=models.OuterRef("probe"), lease_until__gte=Now())
        return self.open().filter(~models.Exists(trying), next_probe_at__lte=Now())


class EngineCircuit(BaseModel):
    """Whether an engine may be called, for all workers together. Without a row it may.

    An outage opens it until a probe succeeds; a mistake in the settings until they change or an operator wants a probe.
    """

    Kind = EngineKind

    kind = models.CharField(max_length=12, choices=EngineKind, unique=True)
    # Of the settings with which it was opened: by others, it is closed.
    fingerprint = models.CharField(max_length=64)
    opened_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    failures = models.PositiveIntegerField(default=0)
    next_probe_at = models.DateTimeField(null=True)
    # The token of the job that tries.
    probe = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = CircuitQuerySet.as_manager()

    class Meta:
        constraints = [one_of("kind", EngineKind, "circuit_kind_known")]

    def __str__(self) -> str:
        return str(EngineKind(self.kind).label)

    @property
    def state(self) -> str:
        """ "working", "outage", or "paused" where only other settings or an operator can help."""
        if self.opened_at is None:
            return "working"
        return "outage" if self.next_probe_at else "paused"
