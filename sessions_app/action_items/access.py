"""Access checks for action items named in a URL."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.audit_actions import Action
from audit.log import deny
from sessions_app.models import ActionItem
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one

PARTS = ("patient__clinic", "patient__profile", "session", "changed_by")


def open_item(by: Actor, pk: UUID, action: Action) -> tuple[ActionItem, RecordAccess]:
    """Open an item with its patient and session, for therapists; NotFound, audited as denied, without access."""
    rows = ActionItem.objects.visible_to(by.user).with_write_access(by.user).select_related(*PARTS)
    item: Any = only_one(rows, pk=pk) if by.user.is_therapist else None
    if item is None:
        deny(action, "not_found", by=by, target=ActionItem(pk=pk))
        raise NotFound("This action item does not exist.")
    item.session.patient = item.patient
    return item, access_to(by, item.patient, may_write=item.is_writable)


def open_item_to_write(by: Actor, pk: UUID, action: Action) -> tuple[ActionItem, RecordAccess]:
    """Open an item for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    item, access = open_item(by, pk, action)
    return item, writable(access, action)
