"""The API's list of sessions, whose SQL is built once for all readers of a role; the rules are the queryset's.

What decides the SQL are role, filters without their values, whether a page follows another, and its size.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import DateTimeField, UUIDField

from accounts.models import User
from sessions_app.filters import SessionFilter
from sessions_app.models import TherapySession
from sessions_app.serializers import session_rows
from therapybridge.core.api.filters import cleaned
from therapybridge.core.changes import SINCE
from therapybridge.core.compiled import Compiled, Slot, built_once, given_by, reader_of_role, role_of
from therapybridge.core.pagination import KeysetCursor, Page, as_page, keyset_rows

NEWEST_FIRST = ("-session_date", "-id")
KEY = (Slot("key_date", DateTimeField()), Slot("key_id", UUIDField()))
SLOTS = {
    "patient": Slot("patient", UUIDField()),
    "start_date": Slot("start_date", DateTimeField()),
    "end_date": Slot("end_date", DateTimeField()),
    SINCE: Slot(SINCE, DateTimeField()),
}
Shape = tuple[tuple[str, Any], ...]  # each filter that is given, with its slot; several values are part of the SQL


def read_sessions(reader: User, query: Mapping[str, str], limit: int) -> Page:
    """One page of rows for SessionSerializer; InvalidInput names the filters that are wrong, or the cursor."""
    filters = {name: value for name, value in cleaned(SessionFilter, query).items() if value}
    cursor = query.get("cursor")
    key = KeysetCursor.decode(NEWEST_FIRST, cursor) if cursor else ()
    shape = tuple((name, SLOTS.get(name) or tuple(sorted(value))) for name, value in filters.items())
    after = {slot.name: value for slot, value in zip(KEY, key, strict=False)}
    asked = _page_query(role_of(reader), shape, bool(key), limit)
    return as_page(asked.dicts(**given_by(reader), **filters, **after), NEWEST_FIRST, limit)


@built_once
def _page_query(role: str, shape: Shape, follows: bool, limit: int) -> Compiled:
    reader = reader_of_role(role)
    sessions = TherapySession.objects.visible_to(reader)
    for name, value in shape:
        if name == SINCE:
            sessions = sessions.changed_since(value, reader.clinic_id)
        else:
            sessions = SessionFilter.base_filters[name].filter(sessions, value)
    return Compiled(keyset_rows(session_rows(sessions), NEWEST_FIRST, KEY if follows else None, limit))
