"""What people do with an action item: give it to somebody, start it, tick it off, drop it, open it again."""

from typing import Any

from accounts.care.access import RecordAccess
from sessions_app.audit_actions import ACTION_ITEM_CHANGED
from sessions_app.models import ActionItem
from therapybridge.core.dates import zoned
from therapybridge.core.errors import Conflict, InvalidInput, NotFound

MAX_REASON = 1_000  # characters
Status = ActionItem.Status
REASON = ActionItem._meta.get_field("reason")


class ItemChanged(Conflict):
    """The item is not as it was read any more: what it is now, and who changed it when."""

    code = "edit_conflict"

    def __init__(self, item: ActionItem) -> None:
        who = item.changed_by.full_name if item.changed_by else ""
        self.extensions = {"change": {"status": item.status, "by": who or None, "at": item.updated_at.isoformat()}}
        at = zoned(item.updated_at)
        super().__init__(f"{who or 'Someone'} changed this on {at}. It is now: {item.get_status_display().lower()}.")


def change_item(
    item: ActionItem,
    *,
    revision: int,
    access: RecordAccess,
    status: str | None = None,
    assigned_to: str | None = None,
    reason: str = "",
) -> ActionItem:
    """Change status or assignee on top of `revision`; ItemChanged if somebody else did since.

    Whoever drops it says why: InvalidInput without a reason, or with one for anything else. A change of nothing is
    no change. NotFound if a redraft has taken the item away.
    """
    access.require_write(item.patient_id)
    with item.session.locked():
        _refresh(item)
        if item.revision != revision:
            raise ItemChanged(item)
        given = {"status": status or item.status, "assigned_to": assigned_to or item.assigned_to}
        changed = [name for name, value in given.items() if value != getattr(item, name)]
        if not changed and not reason.strip():
            return item
        new = given.pop("status")
        columns: dict[str, Any] = {**given, "reason": _sealed_reason(new, reason, item), "changed_by": access.user}
        item.move_to(new, action=ACTION_ITEM_CHANGED, by=access, changed=changed, **columns)
        item.refresh_from_db()
    return item


def _refresh(item: ActionItem) -> None:
    try:
        item.refresh_from_db()
    except ActionItem.DoesNotExist as error:
        raise NotFound("This action item does not exist.") from error


def _sealed_reason(new: str, reason: str, item: ActionItem) -> Any:
    written = reason.replace("\r\n", "\n").strip()
    if new != Status.ABANDONED:
        if written:
            raise InvalidInput(errors={"reason": ["A reason is needed only for what is dropped."]})
        return None
    if not written or len(written) > MAX_REASON:
        raise InvalidInput(errors={"reason": [f"Say why it is dropped, in up to {MAX_REASON:,} characters."]})
    return REASON.seal(written, item.pk)
