"""Retention of sessions and idempotency records."""

from celery import shared_task

from accounts.authentication.services import retention
from accounts.mail.services import delete_sent


@shared_task
def delete_old_access() -> int:
    """Delete sessions that ended long ago, expired cookies and idempotency records, and rows of sent e-mails.

    Returns how many.
    """
    return sum(
        delete()
        for delete in (
            retention.delete_ended_sessions,
            retention.delete_old_answers,
            retention.delete_browser_sessions,
            delete_sent,
        )
    )
