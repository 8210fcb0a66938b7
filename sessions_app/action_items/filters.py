"""Filters for the list of action items."""

import django_filters

from sessions_app.models import ActionItem
from therapybridge.core.api.filters import ChangesFilter, ValuesFilter


class ActionItemFilter(ChangesFilter):
    """Filters by session, by one or more statuses, and by who does it."""

    session = django_filters.UUIDFilter(field_name="session_id")
    status = ValuesFilter(choices=ActionItem.Status.choices)
    assigned_to = ValuesFilter(choices=ActionItem.Assignees.choices)

    class Meta:
        model = ActionItem
        fields: list[str] = []
