"""Reminders for overdue reviews."""

from typing import Any

from celery import shared_task


@shared_task(bind=True)
def remind_reviews(self: Any) -> None:
    """E-mail the reviewers of each overdue emergency access, once."""
    from accounts.care.services.reviews import remind_overdue

    remind_overdue(by=self.actor)
