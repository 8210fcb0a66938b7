"""The end of consents whose time is over."""

from typing import Any

from celery import shared_task

from accounts.consent.services import consent_log


@shared_task(bind=True)
def expire_consents(self: Any) -> int:
    """Say in the consent log which consents are over; they count for nothing before that, too. Returns how many."""
    return consent_log.expire_due(by=self.actor)
