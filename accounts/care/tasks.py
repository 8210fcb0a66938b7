"""Reminders of reviews that are late."""

from celery import shared_task


@shared_task
def remind_reviews() -> None:
    """Write once to those who should have reviewed an emergency access by now."""
    from accounts.care.services.reviews import remind_overdue

    remind_overdue()
