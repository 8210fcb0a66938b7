"""Access to signing links: opened by anyone who holds one, revoked by the patient's therapists."""

from uuid import UUID

from accounts.care.access import RecordAccess, by_link, is_treated_by
from accounts.models import ConsentRequest
from audit.audit_actions import Action
from audit.log import deny
from therapybridge.core import links
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one


def open_signing_link(by: Actor, secret: str) -> tuple[ConsentRequest, RecordAccess]:
    """The consent request of a link's secret, without access to the record; LinkGone if there is none.

    The link ends with the care relation of the therapist who sent it: they saw the link.
    """
    rows = ConsentRequest.objects.open().select_related("patient__clinic", "requested_by")
    found: ConsentRequest | None = rows.filter(token_hash=links.hashed(secret), patient__is_active=True).first()
    if found is None or not is_treated_by(found.requested_by, found.patient_id):
        raise links.LinkGone
    return found, by_link(by, found.patient)


def request_of(access: RecordAccess, request_id: UUID, action: Action) -> ConsentRequest:
    """A consent request of this patient; NotFound, audited as a denied `action`, for any other."""
    found: ConsentRequest | None = only_one(ConsentRequest.objects.all(), patient=access.patient, pk=request_id)
    if found is None:
        deny(action, "not_found", by=access, target=ConsentRequest(pk=request_id, patient=access.patient))
        raise NotFound
    return found
