"""Retention: what is removed in time."""

from celery import shared_task

from accounts.authentication.services import retention


@shared_task
def delete_old_access() -> None:
    """Remove sessions that ended long ago, and answers that no request will repeat."""
    retention.delete_ended_sessions()
    retention.delete_old_answers()
