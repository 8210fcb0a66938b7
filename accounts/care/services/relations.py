"""Care relations, which grant access to records."""

from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.care.audit_actions import CARE_ENDED
from accounts.models import TherapistPatient
from audit.log import record
from therapybridge.core.errors import Conflict


def end_relation(relation: TherapistPatient, *, access: RecordAccess) -> TherapistPatient:
    """End a care relation; the therapist's access and the links they sent end on commit."""
    access.require_write(relation.patient_id)
    now = timezone.now()
    with transaction.atomic():
        open_one = TherapistPatient.objects.filter(pk=relation.pk, is_active=True)
        if not open_one.update(is_active=False, ended_at=now, updated_at=now):
            raise Conflict("This care relation has already ended.")
        record(CARE_ENDED, relation, by=access, changed=["is_active", "ended_at"])
    relation.is_active, relation.ended_at = False, now
    return relation
