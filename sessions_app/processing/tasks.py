"""Processing tasks. A message is only a wake-up call: the worker that claims the job row does the work."""

from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from celery.signals import worker_init, worker_ready

from sessions_app.models import ProcessingJob
from sessions_app.processing.services import circuits, drafting, second_passes, stages
from sessions_app.processing.services.trial import run_trial
from therapybridge.core import jobs
from therapybridge.core.tasks import takes

log = structlog.get_logger(__name__)


@shared_task(name="sessions_app.processing.tasks.process_session")
def process_session(job_id: str) -> None:
    """Run the due stages of the job whose turn it is, claiming each, until it is done, paused or another worker's.

    Any message may lead to any job, and each to one. When the turn of another clinic comes, the rest waits for a
    message of its own.
    """
    job = ProcessingJob.claim_next(UUID(job_id))
    while job:
        stages.run(job)
        begun, job = job, job.claim_again()
        if job is None and ProcessingJob.objects.due().filter(pk=begun.pk).exists():
            wake(begun.pk)


@shared_task(name="sessions_app.processing.tasks.wake_stalled_jobs")
def wake_stalled_jobs() -> int:
    """Wake every due job: its pause is over, its worker died, or its message was lost. Returns how many.

    Jobs of drafts whose second pass is due begin to be due, and jobs whose engine may be called again.
    """
    try:
        circuits.review()
        second_passes.start_due()
    finally:  # a draft that cannot be read keeps no job waiting
        due = jobs.wake_due(process_session, ProcessingJob.objects.all())
    return due


@shared_task(name="sessions_app.processing.tasks.try_engine")
def try_engine() -> None:
    """Try the configured language model with an invented conversation."""
    run_trial()


def wake(job_id: UUID) -> None:
    """Wake a worker after the commit."""
    jobs.wake(process_session, job_id)


@worker_init.connect(dispatch_uid="sessions_app.preload")
def preload(sender: Any, **kwargs: Any) -> None:
    """Load before the worker forks: its processes share the memory, and the first draft of each takes no longer.

    A worker that never drafts stays small.
    """
    if takes(sender, process_session):
        drafting.preload()


@worker_ready.connect(dispatch_uid="sessions_app.sweep_at_start")
def sweep_at_start(**kwargs: Any) -> None:
    """Sweep when a worker starts, for jobs left by the previous one."""
    log.info("jobs_found_at_start", due=wake_stalled_jobs())
