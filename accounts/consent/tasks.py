"""Work for the worker: the post, and what is forgotten in time."""

from celery import shared_task

from accounts.consent.services import consent_log


@shared_task
def expire_consents() -> int:
    """Say in the ledger which consents are over; they count for nothing before that, too. Returns how many."""
    return consent_log.expire_due()
