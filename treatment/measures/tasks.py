"""Giving out scheduled questionnaires."""

from typing import Any

from celery import shared_task

from treatment.measures.services.schedules import assign_due


@shared_task(bind=True)
def assign_due_measures(self: Any) -> int:
    """Give out the questionnaires whose date has come at their clinic; returns how many."""
    return assign_due(by=self.actor)
