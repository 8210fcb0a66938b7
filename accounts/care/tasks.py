"""Reminders of reviews that are late."""

from typing import Any

from celery import shared_task


@shared_task(bind=True)
def remind_reviews(self: Any) -> None:
    """Write once to those who should have reviewed an emergency access by now."""
    from accounts.care.services.reviews import remind_overdue

    remind_overdue(by=self.actor)
