"""The SQL of a timeline's pages, built once for all readers of a role; the rules are those of the querysets.

What decides the SQL is in `Asked`; everything else that differs between requests fills its slots.
"""

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.db.models import DateTimeField, Q, Subquery, Sum, UUIDField
from django.db.models.functions import Coalesce

from accounts.models import User
from therapybridge.core.compiled import Compiled, Slot, built_once, given_by, reader_of_role, role_of
from therapybridge.core.lookups import Keys
from therapybridge.core.pagination import keyset_rows
from timeline.contexts.session_texts import changed_sessions
from timeline.contexts.treatment_texts import changed_treatment
from timeline.filters import EventFilters
from timeline.models import TimelineCount, TimelineEvent
from timeline.querysets import EventQuerySet

NEWEST_FIRST = ("-event_date", "-id")
MOST_COUNTED = 1_000
SHOWN = (
    "id",
    "event_type",
    "event_subtype",
    "event_date",
    "title",
    "description",
    "metadata",
    "related_entity_type",
    "related_entity_id",
    "importance",
    "is_private",
    "created_at",
    "updated_at",
)
PATIENT = Slot("patient", UUIDField())
KEY = (Slot("key_date", DateTimeField()), Slot("key_id", UUIDField()))
FOUND = Slot("found", Keys())


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose role reads, by which filters, whether after a key, and how many."""

    role: str
    filters: EventFilters
    follows: bool
    limit: int

    @classmethod
    def by(cls, reader: User, filters: EventFilters, *, follows: bool, limit: int) -> Self:
        """What this reader asks."""
        return cls(role_of(reader), filters.shape(), follows, limit)

    @property
    def reader(self) -> User:
        """Whom the querysets are asked for."""
        reader: User = reader_of_role(self.role)
        return reader


def given(reader: User, patient_id: UUID, filters: EventFilters, key: tuple[Any, ...] | None) -> dict[str, Any]:
    """What fills the slots; a search needs `found`, too."""
    after = dict(zip((slot.name for slot in KEY), key, strict=True)) if key else {}
    return {**given_by(reader), **filters.values(), "patient": patient_id, **after}


def matching(asked: Asked) -> EventQuerySet:
    """The patient's events that the reader may see and asks for; a search also finds those in the slot."""
    events = TimelineEvent.objects.visible_to(asked.reader).filter(patient=PATIENT)
    found = asked.filters.apply(events, Q(pk__among=FOUND))
    return found.filter(changed_since(asked.filters.since, PATIENT)) if asked.filters.since else found


def changed_since(moment: Any, patient: Any) -> Q:
    """The patient's events that show an `updated_at` of this moment or later: their own, or that of what they show."""
    return Q(updated_at__gte=moment) | changed_sessions(moment, patient) | changed_treatment(moment, patient)


@built_once
def page_query(asked: Asked) -> Compiled:
    """A page and one row more, each with the maintained total."""
    rows = matching(asked).annotate(total=_maintained_total(asked)).values(*SHOWN, "event_day", "total")
    return Compiled(keyset_rows(rows, NEWEST_FIRST, KEY if asked.follows else None, asked.limit))


@built_once
def count_query(asked: Asked) -> Compiled:
    """What is counted: not more than one above the limit."""
    return Compiled(matching(asked).order_by().values("pk")[: MOST_COUNTED + 1])


@built_once
def patient_query(asked: Asked) -> Compiled:
    """The maintained total, if the reader may see the patient."""
    patients = User.objects.patients_visible_to(asked.reader).filter(pk=PATIENT)
    return Compiled(patients.order_by().annotate(total=_maintained_total(asked)).values("total"))


def _maintained_total(asked: Asked) -> Coalesce:
    totals = TimelineCount.objects.countable_by(asked.reader).filter(patient=PATIENT)
    if asked.filters.event_types:
        totals = totals.filter(event_type__in=asked.filters.event_types)
    summed = totals.order_by().values("patient_id").annotate(total=Sum("count")).values("total")
    return Coalesce(Subquery(summed), 0)
