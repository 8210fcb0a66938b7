"""Keeps a lease alive during slow work, and reports its loss."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from therapybridge.core.jobs import LeasedJob, LeaseLost
from therapybridge.core.reconnecting import drop_stale

log = structlog.get_logger(__name__)
T = TypeVar("T")
REPORT_EVERY = 1.0  # seconds between progress updates
NOTICED_WITHIN = 1.0  # seconds, so that a cancelled job does not keep its worker


# From the part that was done at first (0..1), the part that is done now, when it began, and now: when all will be done.
Expectation = Callable[[float, float, datetime, datetime], datetime | None]


class Heartbeat:
    """A context manager with a thread that renews the lease of `job`, at least after every third of its length.

    `expected_finish` tells when the job will end; without it nothing is said about that.
    """

    def __init__(self, job: LeasedJob, expected_finish: Expectation | None = None) -> None:
        self.job = job
        self._expected_finish = expected_finish
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._reported = 0.0
        self._began_at, self._began_with = timezone.now(), job.done_fraction
        self._renewed = time.monotonic()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{job.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._stop.wait(min(settings.JOB_LEASE_SECONDS / 3, NOTICED_WITHIN)):
                self._look()
        except LeaseLost:
            self._lost.set()
        finally:
            connection.close()

    def _look(self) -> None:
        """Renew the lease when that is due, else only read whether it is still held, which locks nothing.

        The lease outlives two renewals that fail; should it end, the next beat that works finds out.
        """
        try:
            if time.monotonic() - self._renewed < settings.JOB_LEASE_SECONDS / 3 - NOTICED_WITHIN:
                self.job.require_lease()
            else:
                self.job.renew()
                self._renewed = time.monotonic()
        except (DatabaseError, InterfaceError) as error:
            log.warning("heartbeat_failed", job=str(self.job.pk), error=type(error).__name__)
            connection.close()

    def check(self) -> None:
        """Raise LeaseLost if the lease is known to be lost (taken over or cancelled)."""
        if self._lost.is_set():
            raise LeaseLost(self.job.pk)

    def report(self, fraction: float, *, at_once: bool = False) -> None:
        """Store the stage's progress (0..1), at most once a second or `at_once`; LeaseLost if the lease is lost."""
        self.check()
        if at_once or time.monotonic() - self._reported >= REPORT_EVERY:
            self._reported = time.monotonic()
            began = (self._began_with, fraction, self._began_at, timezone.now())
            self._tell(fraction, self._expected_finish(*began) if self._expected_finish else None)

    def _tell(self, fraction: float, expected_at: datetime | None) -> None:
        """Without a database nobody hears of the progress, which is no reason to end the work."""
        drop_stale()
        try:
            self.job.report(fraction, expected_at)
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block:
                raise
            log.warning("progress_not_reported", job=str(self.job.pk), error=type(error).__name__)
            connection.close()

    def attend(self, work: Callable[[], T]) -> T:
        """Do `work` in a thread, which may wait for an answer for minutes; LeaseLost as soon as that is known.

        It cannot be interrupted, and ends at its next `check`.
        """
        pool = ThreadPoolExecutor(1, thread_name_prefix="attended")
        future = pool.submit(copy_context().run, _closing, work)
        pool.shutdown(wait=False)
        try:
            while not future.done():
                self.check()
                wait([future], timeout=NOTICED_WITHIN / 2)
        except BaseException:
            self._lost.set()
            raise
        return future.result()


def _closing(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connection.close()
