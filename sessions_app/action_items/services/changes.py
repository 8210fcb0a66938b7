"""What people do with an action item: give it to somebody, start it, tick it off, drop it, open it again."""

from typing import Any

from accounts.care.access import RecordAccess
from sessions_app.audit_actions import ACTION_ITEM_CHANGED
from sessions_app.models import ActionItem, ActionItemClosing
from therapybridge.core.errors import EditConflict, InvalidInput, NotFound
from therapybridge.core.text import written

MAX_REASON = 1_000  # characters
Status = ActionItem.Status
REASON = ActionItem._meta.get_field("reason")


def change_item(
    item: ActionItem,
    *,
    revision: int,
    access: RecordAccess,
    status: str | None = None,
    assigned_to: str | None = None,
    reason: str = "",
) -> ActionItem:
    """Change status or assignee on top of `revision`; EditConflict if somebody else did since.

    Whoever drops it says why: InvalidInput without a reason, or with one for anything else. A change of nothing is
    no change. NotFound if a redraft has taken the item away.
    """
    access.require_write(item.patient_id)
    with item.session.locked():
        as_read(item, revision)
        given = {"status": status or item.status, "assigned_to": assigned_to or item.assigned_to}
        changed = [name for name, value in given.items() if value != getattr(item, name)]
        if not changed and not reason.strip():
            return item
        new = given.pop("status")
        columns: dict[str, Any] = {**given, "reason": _sealed_reason(new, reason, item), "changed_by": access.user}
        _keep_closing(item)
        item.move_to(new, action=ACTION_ITEM_CHANGED, by=access, changed=changed, **columns)
        item.refresh_from_db()
    return item


def _keep_closing(item: ActionItem) -> None:
    """Before it is opened again: its row forgets when and why it was closed."""
    if item.closed_at:
        was = {"status": item.status, "reason": item.reason, "closed_at": item.closed_at, "closed_by": item.changed_by}
        ActionItemClosing.objects.create(item=item, **was)


def as_read(item: ActionItem, revision: int) -> None:
    """Read it again while the session is held; EditConflict at another revision, NotFound if a redraft took it away."""
    try:
        item.refresh_from_db()
    except ActionItem.DoesNotExist as error:
        raise NotFound("This action item does not exist.") from error
    if item.revision != revision:
        raise EditConflict(item, "action item")


def _sealed_reason(new: str, reason: str, item: ActionItem) -> Any:
    given = written("reason", reason, MAX_REASON, least=0)
    if new == Status.ABANDONED:
        if not given:
            raise InvalidInput(errors={"reason": ["Say why it is dropped."]})
        return REASON.seal(given, item.pk)
    if given:
        raise InvalidInput(errors={"reason": ["A reason is needed only for what is dropped."]})
    return None
