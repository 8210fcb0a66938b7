"""Background repair of timelines."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from therapybridge.core.batches import in_turn
from timeline.services.note_events import reconcile_notes
from timeline.services.session_events import reconcile_sessions
from timeline.services.treatment_events import reconcile_treatment


@shared_task(name="timeline.tasks.reconcile")
def reconcile() -> int:
    """Repair events whose signal was lost in a crash; returns how many rows needed it. RowsFailed if some failed."""
    return in_turn(reconcile_sessions, reconcile_notes, reconcile_treatment)


@worker_ready.connect(weak=False, dispatch_uid="timeline.reconcile_on_start")
def reconcile_on_start(**kwargs: Any) -> None:
    """Reconcile when a worker starts, since the previous one may have been killed."""
    reconcile.delay()
