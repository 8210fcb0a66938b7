"""Tasks of exports. A message is only a wake-up call: the worker that claims the row does the work."""

from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from celery.signals import worker_ready

from exports.jobs.models import ExportJob
from exports.jobs.services import making, sweeping
from therapybridge.core import jobs
from therapybridge.core.actor import SYSTEM

log = structlog.get_logger(__name__)


@shared_task(bind=True, name="exports.jobs.tasks.make_export")
def make_export(self: Any, job_id: str) -> None:
    """Make the export whose turn it is, which need not be that of the message; nothing if none is due."""
    wanted = UUID(job_id)
    if job := ExportJob.claim_next(wanted):
        making.run(job, by=self.actor if job.pk == wanted else SYSTEM)


@shared_task(bind=True, name="exports.jobs.tasks.sweep_exports")
def sweep_exports(self: Any) -> int:
    """Wake every export that is due: its pause is over, its worker died, or its message was lost. Returns how many.

    After that, so that no trouble with files keeps it waiting: end those whose time is over.
    """
    due = jobs.wake_due(make_export, ExportJob.objects.all())
    sweeping.expire(by=self.actor)
    return due


@shared_task(name="exports.jobs.tasks.remove_orphans")
def remove_orphans() -> int:
    """Remove files that no row names; returns how many."""
    return sweeping.remove_orphans()


def wake(job_id: UUID) -> None:
    """Wake a worker after the commit."""
    jobs.wake(make_export, job_id)


@worker_ready.connect(dispatch_uid="exports.sweep_at_start")
def sweep_at_start(**kwargs: Any) -> None:
    """Sweep when a worker starts, for exports left by the previous one."""
    log.info("exports_found_at_start", due=sweep_exports())
