"""Receivers for consent decisions; if one is missed, workers and downloads check consent themselves."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.consent.signals import consent_changed
from accounts.models import User
from exports.jobs.services import control


@receiver(consent_changed, dispatch_uid="exports.stop_without_consent")
def stop_without_consent(sender: object, patient_id: UUID, decisions: dict[str, str], **kwargs: Any) -> None:
    """Stop exports that the patient no longer consents to."""
    control.stop_without_consent(User.objects.get(pk=patient_id), decisions)
