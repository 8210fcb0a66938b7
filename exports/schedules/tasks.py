"""Making scheduled exports, and telling their owners."""

from typing import Any

from celery import shared_task

from exports.schedules.services import making


@shared_task(bind=True, name="exports.schedules.tasks.make_scheduled_exports")
def make_scheduled_exports(self: Any) -> int:
    """Ask for the exports whose day has come; returns of how many schedules."""
    return making.make_due(by=self.actor)


@shared_task(name="exports.schedules.tasks.announce_scheduled_exports")
def announce_scheduled_exports() -> int:
    """Tell their owners of those that are ready or have failed; returns how many. A task of its own: neither waits."""
    return making.announce_made()
