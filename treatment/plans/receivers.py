"""Decisions about plans that come by signing link."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from accounts.consent.signals import consent_signed
from accounts.models import ConsentEntry, ConsentRequest
from treatment.plans.services.consent_links import keep_signed


@receiver(consent_signed, dispatch_uid="plans.consent_signed")
def keep_decision(sender: Any, request: ConsentRequest, entries: Sequence[ConsentEntry], **kwargs: Any) -> None:
    """Tie the decision to the version of the plan that the link is about."""
    keep_signed(request, entries)
