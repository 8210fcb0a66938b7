"""The end of consents whose time is over."""

from celery import shared_task

from accounts.consent.services import consent_log


@shared_task
def expire_consents() -> int:
    """Say in the consent log which consents are over; they count for nothing before that, too. Returns how many."""
    return consent_log.expire_due()
