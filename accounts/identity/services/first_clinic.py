"""The operator's way to a clinic where nobody signs up."""

from django.conf import settings
from django.db import transaction

from accounts.identity.audit_actions import CLINIC_CREATED
from accounts.identity.services.invitations import invite_first
from accounts.models import Clinic
from audit import log
from therapybridge.core.actor import SYSTEM
from therapybridge.core.errors import Conflict


def open_clinic(*, clinic_name: str, time_zone: str, email: str, role: str, is_sent: bool) -> str:
    """Create a clinic and invite its first person, who takes the link to enter a name and a password; returns the link.

    Until somebody has joined, the same clinic may be named again for a new link, which ends the earlier ones. Conflict
    once somebody has, and for a further clinic where sign-up is closed.
    """
    with transaction.atomic():
        clinic = Clinic.objects.select_for_update().filter(name=clinic_name).first() or Clinic(name=clinic_name)
        if clinic.users.exists():
            raise Conflict("This clinic exists already, and has people who can invite others.")
        if settings.SIGN_UP == "closed" and Clinic.objects.exclude(pk=clinic.pk).exists():
            raise Conflict("There is a clinic already. For another one, set SIGN_UP=invite.")
        is_new, clinic.time_zone = clinic._state.adding, time_zone
        clinic.save()
        if is_new:
            log.record(CLINIC_CREATED, clinic, by=SYSTEM)
        return invite_first(clinic, email=email, role=role, is_sent=is_sent)
