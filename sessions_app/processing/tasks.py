"""What workers do. A message is a wake-up call: whoever claims the job row does the work."""

from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import transaction

from sessions_app.models import ProcessingJob
from sessions_app.processing.services import stages

log = structlog.get_logger(__name__)
SWEEP_LIMIT = 200


@shared_task(name="sessions_app.processing.tasks.process_session")
def process_session(job_id: str) -> None:
    """Run the stages of a job that are due, one claim each, until it is done, paused, or another worker has it."""
    while job := ProcessingJob.claim(UUID(job_id)):
        stages.run(job)


@shared_task(name="sessions_app.processing.tasks.wake_stalled_jobs")
def wake_stalled_jobs() -> int:
    """Wake every job that is due: its pause is over, its worker died, or its message was lost. Returns how many."""
    due = list(ProcessingJob.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:SWEEP_LIMIT])
    for job_id in due:
        # A wake-up that waited longer than the next sweep would only repeat it.
        process_session.apply_async(args=(str(job_id),), expires=settings.JOB_SWEEP_SECONDS)
    return len(due)


def wake(job_id: UUID) -> None:
    """Call a worker once the transaction is committed. A dead broker fails no request: the sweep finds the job."""
    # No partial: Django names the function that failed, and a partial has no name.
    transaction.on_commit(lambda: _send(str(job_id)), robust=True)


def _send(job_id: str) -> None:
    process_session.delay(job_id)


@worker_ready.connect(dispatch_uid="sessions_app.sweep_at_start")
def sweep_at_start(**kwargs: Any) -> None:
    """A worker that starts looks for what the last one left behind."""
    log.info("jobs_found_at_start", due=wake_stalled_jobs())
