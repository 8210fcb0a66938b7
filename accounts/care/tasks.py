"""Reminders for overdue reviews."""

from typing import Any

from celery import shared_task


@shared_task(bind=True)
def remind_reviews(self: Any) -> int:
    """E-mail the reviewers of each overdue emergency access, once; returns how many there are."""
    from accounts.care.services.reviews import remind_overdue

    return remind_overdue(by=self.actor)
