"""Which action items a patient is told of: those that the therapist read when sharing the summary, and no others."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.care.access import RecordAccess
from sessions_app.action_items.services.changes import as_read
from sessions_app.action_items.services.drafted import may_be_shown
from sessions_app.audit_actions import ACTION_ITEM_CHANGED
from sessions_app.models import ActionItem, TherapySession
from therapybridge.core.errors import Conflict

MAX_TOLD = 100  # items shared with one summary


def tell_items(session: TherapySession, items: Collection[UUID], *, at: datetime) -> None:
    """Stamp exactly these items of the session as told. Call it while the session is locked.

    Conflict if one of them was dropped, deleted or taken from the patient's texts since it was read.
    """
    named = set(items)
    rows = ActionItem.objects.filter(session=session)
    if rows.tellable().filter(pk__in=named).count() != len(named):
        raise Conflict(
            "What was agreed has changed since you read it. Look at the list again, then share.", code="items_changed"
        )
    rows.exclude(pk__in=named).exclude(told_at=None).update(told_at=None)
    rows.filter(pk__in=named).update(told_at=at)


def show_item(item: ActionItem, *, revision: int, access: RecordAccess) -> ActionItem:
    """Let the patient read an item that a draft took from them; no draft gives it back by itself.

    They read it at once if they had been told of it under a summary that is shared, else when the summary is shared
    next. Conflict while it may not be shown, and for a closed one.
    """
    access.require_write(item.patient_id)
    with item.session.locked():
        as_read(item, revision)
        if not item.is_for_patient:
            if not may_be_shown(item):
                raise Conflict("This cannot be shown to the patient. Its page says why.", code="item_withheld")
            shown = {"is_for_patient": True, "changed_by": access.user}
            item.move_to(item.status, action=ACTION_ITEM_CHANGED, by=access, changed=["is_for_patient"], **shown)
            item.refresh_from_db()
    return item
