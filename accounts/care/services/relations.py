"""Care relations, which grant access to records."""

from django.utils import timezone

from accounts.care.audit_actions import CARE_ENDED, CARE_RESUMED
from accounts.identity.access import may_administer
from accounts.models import TherapistPatient
from audit.audit_actions import Action
from audit.log import record
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, Forbidden


def end_relation(relation: TherapistPatient, *, by: Actor) -> TherapistPatient:
    """End a care relation; the therapist's access and the links they sent end on commit.

    Conflict if it has already ended; Forbidden for anyone but an administrator of the clinic.
    """
    _switch(relation, CARE_ENDED, by=by, is_active=False)
    return relation


def resume_relation(relation: TherapistPatient, *, by: Actor) -> TherapistPatient:
    """Restore the access of an ended care relation; Conflict if it is active, Forbidden as for ending it."""
    _switch(relation, CARE_RESUMED, by=by, is_active=True)
    return relation


def _switch(relation: TherapistPatient, action: Action, *, by: Actor, is_active: bool) -> None:
    if not may_administer(by.user, relation.therapist):
        raise Forbidden
    with relation.locked():
        relation.refresh_from_db(fields=["is_active", "ended_at"])
        if relation.is_active == is_active:
            raise Conflict(
                "This care relation is already active." if is_active else "This care relation has already ended."
            )
        relation.is_active, relation.ended_at = is_active, None if is_active else timezone.now()
        # Saved, not updated: both columns have a field history.
        relation.save(update_fields=["is_active", "ended_at"])
        record(action, relation, by=by, changed=["is_active", "ended_at"])
