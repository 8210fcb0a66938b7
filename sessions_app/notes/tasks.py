"""Retention of deleted notes."""

from functools import partial
from typing import Any

from celery import shared_task

from sessions_app.notes.services.private import purge_private_notes
from sessions_app.notes.services.removal import purge_notes
from therapybridge.core.batches import in_turn


@shared_task(bind=True)
def purge_deleted_notes(self: Any) -> int:
    """Erase what nobody can restore any more; returns how many."""
    return in_turn(partial(purge_notes, by=self.actor), partial(purge_private_notes, by=self.actor))
