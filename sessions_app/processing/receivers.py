"""What decisions of patients do to work that is under way. A lost call is made up for by the workers' own checks."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.consent.signals import consent_changed
from accounts.models import User
from sessions_app.processing.services import control


@receiver(consent_changed, dispatch_uid="sessions_app.stop_without_consent")
def stop_without_consent(sender: object, patient_id: UUID, decisions: dict[str, str], **kwargs: Any) -> None:
    """Stop what the patient no longer agrees to."""
    control.stop_for_consent(User.objects.get(pk=patient_id), decisions)
