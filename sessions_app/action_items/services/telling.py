"""Which action items a patient is told of: those that the therapist read when sharing the summary, and no others."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

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
    rows.exclude(pk__in=named).update(told_at=None)
    rows.filter(pk__in=named).update(told_at=at)
