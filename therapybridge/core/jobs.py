"""Jobs of workers: a row with a lease is the source of truth, messages only wake workers.

Whoever claims a due row holds its lease, fenced by a token that changes with every claim; a worker that lost it can
neither renew nor commit.
"""

import random
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

import structlog
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, Min, Q, When
from django.db.models.functions import Now

from therapybridge.core.http.bodies import DISK_FULL
from therapybridge.core.models import BaseQuerySet
from therapybridge.core.turns import next_turn

log = structlog.get_logger(__name__)
MAX_BACKOFF = 3600.0  # seconds
# Of indexes by which it is told whose turn it is.
BEGUN, RUNNING = Q(stage_started_at__isnull=False), Q(lease_until__isnull=False)
ALWAYS = Q()
FAILED = "failed"  # as every kind of job calls it
SWEEP_LIMIT = 200  # jobs that one sweep wakes


class LeaseLost(Exception):
    """Another worker took the job over, or somebody stopped it."""


class LeasedQuerySet(BaseQuerySet[Any]):
    """Queries on jobs; all times use the database's clock."""

    def due(self) -> Self:
        """Jobs that have work to do and no live lease, and are not paused."""
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        # SQLite compares these as text, and a sum has six decimals but Now() three: adding a millisecond is enough.
        now = Now() + timedelta(milliseconds=1)
        idle = {f"{self.model.STATE}__in": self.model.IDLE}
        return self.filter(free, next_attempt_at__lte=now).exclude(**idle)

    def held_by(self, job: Any) -> Self:
        """The row, if `job` still holds its lease."""
        return self.filter(pk=job.pk, token=job.token, token__isnull=False)


class LeasedJob(models.Model):
    """A job that one worker at a time holds. `STATE` names the column of its state; nothing is to do in `IDLE` ones."""

    STATE: ClassVar[str]
    IDLE: ClassVar[Collection[str]]
    # From a job to its clinic.
    CLINIC: ClassVar[str] = "clinic"
    # What a claim reads together with the row.
    RELATED: ClassVar[Collection[str]] = ()

    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    last_error = models.CharField(max_length=40, blank=True)
    done_fraction = models.FloatField(default=0)
    stage_started_at = models.DateTimeField(null=True)
    finish_expected_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, pk: UUID, condition: Q = ALWAYS) -> Self | None:
        """Claim the job if it is due, by a conditional UPDATE: only one of many callers wins, the others get None."""
        token = uuid4()
        lease = Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        # What an earlier attempt led to expect is void.
        expected = Case(When(attempts=0, then=F("finish_expected_at")), default=None)
        claimed = {"token": token, "lease_until": lease, "attempts": F("attempts") + 1, "stage_started_at": Now()}
        won = cls._jobs().due().filter(condition, pk=pk).update(**claimed, finish_expected_at=expected)
        if not won:
            return None
        job: Self = cls._jobs().select_related(*cls.RELATED).get(pk=pk, token=token)
        return job

    @classmethod
    def claim_next(cls, wanted: UUID) -> Self | None:
        """Claim the due job whose turn it is, the `wanted` one if no other clinic waits; None if nothing is due."""
        while turn := next_turn(cls._jobs(), wanted):
            if job := cls.claim(turn.job, turn.condition):
                return job  # else another worker was faster, which changes whose turn it is
        return None

    def claim_again(self) -> Self | None:
        """Claim this job once more if it is due, unless another clinic's turn has come."""
        turn = next_turn(self._jobs(), self.pk, stays=True)
        return self.claim(self.pk, turn.condition) if turn and turn.job == self.pk else None

    def renew(self) -> None:
        """Renew the lease; LeaseLost if another worker took over or the job was stopped."""
        lease = Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        if not self._jobs().held_by(self).update(lease_until=lease):
            raise LeaseLost(self.pk)

    def require_lease(self) -> None:
        """LeaseLost if another worker took over or the job was stopped; the lease is not renewed."""
        if not self._jobs().held_by(self).exists():
            raise LeaseLost(self.pk)

    def write(self, **changes: Any) -> None:
        """Update the row under the lease, inside the caller's transaction; LeaseLost without the lease."""
        if not self._jobs().held_by(self).update(**changes):
            raise LeaseLost(self.pk)

    def report(self, fraction: float, expected_at: datetime | None) -> None:
        """Store how much of the stage is done (0..1) and when all will be; neither goes back."""
        if self.finish_expected_at and (expected_at is None or expected_at > self.finish_expected_at):
            expected_at = self.finish_expected_at
        fraction = min(max(fraction, self.done_fraction), 1.0)
        self.write(done_fraction=fraction, finish_expected_at=expected_at)
        self.done_fraction, self.finish_expected_at = fraction, expected_at

    def postpone(self, seconds: float, code: str) -> None:
        """Release the job and retry the same stage in `seconds`."""
        later = Now() + timedelta(seconds=seconds)
        released = {"token": None, "lease_until": None, "finish_expected_at": None}
        self.write(**released, next_attempt_at=later, last_error=code, attempts=self.attempts)

    def back_off(self, code: str, seconds: float | None = None) -> None:
        """Retry in `seconds` or, without, after a pause that doubles with each attempt; nothing without the lease."""
        if seconds is None:
            seconds = backoff(self.attempts)
        try:
            self.postpone(seconds, code)
        except LeaseLost:
            log.info("job_lease_lost", job=str(self.pk))

    def release_after(self, error: Exception) -> None:
        """Release the job after an error that nobody expected. A full disk uses up no attempts."""
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            self.attempts = max(self.attempts - 1, 0)
            self.back_off("storage_full", backoff(1))
        else:
            self.back_off("internal")

    @classmethod
    def _jobs(cls) -> LeasedQuerySet:
        jobs: LeasedQuerySet = cls._default_manager.all()  # type: ignore[assignment]
        return jobs


def backoff(failures: int, at_least: float = 0.0) -> float:
    """Seconds to wait after so many failures: twice as long each time, up to an hour, and never all at once."""
    pause: float = settings.JOB_BACKOFF_SECONDS * 2 ** min(max(failures - 1, 0), 30)
    return min(max(pause, at_least) * random.uniform(1, 1.25), MAX_BACKOFF)  # noqa: S311 (no secret)


def oldest_due() -> datetime | None:
    """Since when the job of any kind that has waited longest could be run; None if none waits."""
    oldest = (kind._jobs().due().order_by().aggregate(since=Min("next_attempt_at"))["since"] for kind in _kinds())
    return min((since for since in oldest if since), default=None)


def counted() -> Iterator[tuple[str, str, int]]:
    """Kind, state and number of jobs: of those that a worker has to do something with, and the failures of a day.

    Each number is read from an index that holds little else.
    """
    for kind in _kinds():
        jobs, name = kind._jobs().order_by(), str(kind._meta.model_name)
        unfinished = jobs.exclude(**{f"{kind.STATE}__in": kind.IDLE})
        due, running = jobs.due().count(), unfinished.filter(lease_until__gte=Now()).count()
        yield name, "due", due
        yield name, "running", running
        yield name, "later", max(unfinished.count() - due - running, 0)
        failed = {kind.STATE: FAILED, "stage_started_at__gte": Now() - timedelta(days=1)}
        yield name, "failed", jobs.filter(**failed).count()


def _kinds() -> list[type[LeasedJob]]:
    return [kind for kind in apps.get_models() if issubclass(kind, LeasedJob)]


def wake(task: Any, job_id: UUID) -> None:
    """Wake a worker after the commit. If the broker is down, the request still succeeds: the sweep finds the job."""

    def send() -> None:  # not a partial: Django logs the name of a failing callback
        task.delay(str(job_id))

    transaction.on_commit(send, robust=True)


def wake_due(task: Any, jobs: LeasedQuerySet) -> int:
    """Wake every due one of the jobs: its pause is over, its worker died, or its message was lost. Returns how many."""
    due = list(jobs.due().order_by("next_attempt_at").values_list("pk", flat=True)[:SWEEP_LIMIT])
    for job_id in due:
        # A wake-up that expires after the next sweep would be redundant.
        task.apply_async(args=(str(job_id),), expires=settings.JOB_SWEEP_SECONDS)
    return len(due)
