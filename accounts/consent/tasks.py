"""Expiry of consents."""

from typing import Any

from celery import shared_task

from accounts.consent.services import consent_log


@shared_task(bind=True)
def expire_consents(self: Any) -> int:
    """Add `expired` entries to the consent log; expired consents have no effect even before that. Returns how many."""
    return consent_log.expire_due(by=self.actor)
