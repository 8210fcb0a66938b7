"""What a page asks for again by itself leaves a row when it shows something new, not with each request."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from audit.audit_actions import SAME_READING, Action
from audit.log import record_rows
from audit.models import AuditEvent
from audit.services.chain import first_id_at
from therapybridge.core.actor import Actor

SLACK = timedelta(seconds=2)  # ids and times are from the clocks of several processes


def record_poll(action: Action, rows: Collection[Any], *, by: Actor, after: Iterable[Action]) -> None:
    """Record a list, unless the person's rows of `action` or `after` of the last ten minutes hold all that it shows."""
    since = timezone.now() - SAME_READING
    mine = AuditEvent.objects.filter(actor=by.user, pk__gte=first_id_at(since - SLACK), created_at__gte=since)
    recent = list(mine.filter(action__in=[action, *after], outcome=AuditEvent.Outcome.OK).values_list("ids", flat=True))
    shown = {one for ids in recent for one in ids}
    if not recent or not shown.issuperset(str(row.pk) for row in rows):
        record_rows(action, rows, by=by)
