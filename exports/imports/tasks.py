"""Tasks of imports. A message is only a wake-up call: the worker that claims the row does the work."""

from typing import Any
from uuid import UUID

from celery import shared_task

from exports.imports.models import RecordImport
from exports.imports.services import files, running
from therapybridge.core import jobs
from therapybridge.core.actor import SYSTEM


@shared_task(bind=True, name="exports.imports.tasks.run_import")
def run_import(self: Any, job_id: str) -> None:
    """Check or take in the import whose turn it is, which need not be that of the message; nothing if none is due."""
    wanted = UUID(job_id)
    if job := RecordImport.claim_next(wanted):
        running.run(job, by=self.actor if job.pk == wanted else SYSTEM)


@shared_task(name="exports.imports.tasks.sweep_imports")
def sweep_imports() -> int:
    """Wake every import that is due, then remove files that nobody confirmed or no row names; returns how many due."""
    due = jobs.wake_due(run_import, RecordImport.objects.all())
    try:
        running.expire()
    finally:
        files.remove_orphans()
    return due


def wake(job_id: UUID) -> None:
    """Wake a worker after the commit."""
    jobs.wake(run_import, job_id)
