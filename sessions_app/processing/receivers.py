"""Receivers for consent decisions; if one is missed, workers check consent themselves."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.consent.signals import consent_changed
from accounts.models import User
from sessions_app.processing.services import control


@receiver(consent_changed, dispatch_uid="sessions_app.stop_without_consent")
def stop_without_consent(sender: object, patient_id: UUID, decisions: dict[str, str], **kwargs: Any) -> None:
    """Stop processing that the patient no longer consents to."""
    control.stop_for_consent(User.objects.get(pk=patient_id), decisions)
