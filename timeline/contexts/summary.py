"""A patient's story at a glance: how many events of which kind, first and last session, what stands out.

Nothing here is counted from the events: totals are maintained, and what stands out is read by its index.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum

from accounts.models import User
from therapybridge.core.compiled import Compiled, built_once
from therapybridge.core.errors import NotFound
from timeline.choices import Importance
from timeline.contexts.feed import Feed, newest_of_levels
from timeline.contexts.feed_query import PATIENT, Asked, given, matching, patient_query
from timeline.filters import EventFilters
from timeline.models import SESSION, TimelineCount

MOST = 10  # milestones, and as many highlights
EVERYTHING, SESSIONS = EventFilters(), EventFilters(event_types=(SESSION,))
MILESTONES, HIGHLIGHTS = (Importance.MILESTONE,), (Importance.CRITICAL, Importance.HIGH)


@dataclass(frozen=True, slots=True)
class Summary:
    """`first_session` and `last_session` are None before the first; the feeds hold the newest."""

    events_by_type: dict[str, int]
    first_session: datetime | None
    last_session: datetime | None
    milestones: Feed
    highlights: Feed

    @property
    def total_count(self) -> int:
        """All events."""
        return sum(self.events_by_type.values())

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The events that stand out, as rows of the feed."""
        return self.milestones.events + self.highlights.events


def summary_of(patient_id: UUID, reader: User) -> Summary:
    """What `reader` may see of the patient; NotFound if nothing."""
    asked = Asked.by(reader, EVERYTHING, follows=False, limit=1)
    slots = given(reader, patient_id, EVERYTHING, None)
    counted: list[Any] = _counts_query(asked).rows(**slots)
    if not counted and not patient_query(asked).rows(**slots):
        raise NotFound
    of_sessions = Asked.by(reader, SESSIONS, follows=False, limit=1)
    first, last = (_end_query(of_sessions, order).rows(**slots) for order in ("event_date", "-event_date"))
    return Summary(
        events_by_type=dict(counted),
        first_session=first[0][0] if first else None,
        last_session=last[0][0] if last else None,
        milestones=newest_of_levels(patient_id, reader, MILESTONES, MOST),
        highlights=newest_of_levels(patient_id, reader, HIGHLIGHTS, MOST),
    )


@built_once
def _counts_query(asked: Asked) -> Compiled:
    """Types of which there are any, with how many, if the reader may see the patient."""
    patients = User.objects.patients_visible_to(asked.reader).filter(pk=PATIENT).order_by()
    counts = TimelineCount.objects.countable_by(asked.reader).filter(patient__in=patients, count__gt=0)
    totals = counts.order_by("event_type").values("event_type").annotate(total=Sum("count"))
    return Compiled(totals.values_list("event_type", "total"))


@built_once
def _end_query(asked: Asked, order: str) -> Compiled:
    """The date of the first event in this order."""
    return Compiled(matching(asked).order_by(order).values_list("event_date")[:1])
