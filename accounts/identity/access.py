"""Access to accounts and invitations."""

from uuid import UUID

from accounts.care.access import RecordAccess, is_treated_by, open_record_to_write
from accounts.models import Invitation, User
from audit import log
from audit.audit_actions import Action
from therapybridge.core import links
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one

# Who invites people, each the roles in MAY_INVITE of the service.
INVITERS = (User.Role.THERAPIST, User.Role.ADMIN)


def may_administer(user: User | None, person: User) -> bool:
    """Operators may administer everyone; administrators everyone in their clinic except operators."""
    if user is None or not user.is_active:
        return False
    if user.is_superuser:
        return True
    return user.is_clinic_admin and person.clinic_id == user.clinic_id and not person.is_superuser


def open_invitation(by: Actor, invitation_id: UUID, action: Action) -> tuple[Invitation, Actor | RecordAccess]:
    """The invitation and the proof that its services require: for a patient's invitation, the access to the record.

    NotFound, audited as a denied `action`, for anyone who may not see it.
    """
    invitation: Invitation | None = only_one(Invitation.objects.visible_to(by.user), pk=invitation_id)
    if invitation is None:
        log.deny(action, "not_found", by=by, target=Invitation(pk=invitation_id))
        raise NotFound
    if invitation.patient_id is None:
        return invitation, by
    return invitation, open_record_to_write(by, invitation.patient_id, action)


def open_invitation_link(secret: str) -> Invitation:
    """The open invitation of a link's secret; LinkGone if it has ended or its patient can no longer join.

    A patient's invitation ends with the care relation of the therapist who sent it: they chose the address.
    """
    invitation = (
        Invitation.objects.open()
        .select_related("clinic", "patient__clinic", "invited_by")
        .filter(token_hash=links.hashed(secret))
        .first()
    )
    patient = invitation.patient if invitation else None
    if invitation is None or (patient and not _may_join(patient, invitation.invited_by)):
        raise links.LinkGone
    return invitation


def _may_join(patient: User, invited_by: User | None) -> bool:
    is_known = patient.has_usable_password()
    return patient.is_active and not is_known and is_treated_by(invited_by, patient.pk)
