"""Retention of sessions and idempotency records."""

from celery import shared_task

from accounts.authentication.services import retention


@shared_task
def delete_old_access() -> None:
    """Delete sessions that ended long ago and expired idempotency records."""
    retention.delete_ended_sessions()
    retention.delete_old_answers()
