"""Making and using up links to forms."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from therapybridge.core import links
from therapybridge.core.errors import Conflict
from treatment.models import FormLink
from treatment.patient_forms.audit_actions import FORM_LINK_CREATED, FORM_LINK_REVOKED

VALID_FOR = timedelta(hours=1)  # long enough for a pause; the portal makes another one at any time


def create_link(access: RecordAccess, purpose: str, target_id: UUID) -> str:
    """A secret that opens the form of a row of the patient's; it is stored nowhere. Earlier links to the row end."""
    secret, token_hash = links.new_secret()
    with access.patient.locked():
        end_links(access, purpose, [target_id])
        link = FormLink.objects.create(
            patient=access.patient,
            purpose=purpose,
            target_id=target_id,
            token_hash=token_hash,
            auth_session=access.reader.auth_session,
            password_stamp=access.patient.get_session_auth_hash(),
            expires_at=timezone.now() + VALID_FOR,
        )
        record(FORM_LINK_CREATED, link, by=access)
    return secret


def end_links(access: RecordAccess, purpose: str, targets: Iterable[UUID]) -> None:
    """End the open links to rows of the patient's, such as a questionnaire that was cancelled."""
    with transaction.atomic():
        rows = FormLink.objects.open().filter(patient=access.patient, purpose=purpose, target_id__in=list(targets))
        FormLink.end_all(rows, "revoked", action=FORM_LINK_REVOKED, by=access)


def use_up(link: FormLink) -> None:
    """Consume the link, in the transaction of what was sent; LinkGone if it has ended in the meantime."""
    try:
        link.move_to("used")
    except Conflict as error:
        raise links.LinkGone from error
