"""Session events on the timeline, and their repair after a crash."""

from collections.abc import Iterator
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Case, CharField, Exists, Model, OuterRef, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from accounts.models import User
from sessions_app.models import TherapySession
from therapybridge.core.batches import each_alone, in_turn
from timeline.models import SESSION, TimelineEvent
from timeline.services.derived_events import DerivedEvent, Lost, record_event, withdraw_events

MILESTONE_EVERY = 10
BATCH = 200
M = TypeVar("M", bound=Model)


def session_event(session: TherapySession) -> DerivedEvent:
    """The public event of a session."""
    is_milestone = session.number is not None and session.number % MILESTONE_EVERY == 0
    return DerivedEvent(
        patient_id=session.patient_id,
        therapist_id=session.therapist_id,
        event_date=session.session_date,
        title=session.title,
        metadata={"session_id": str(session.pk), "duration_seconds": session.duration_seconds},
        related_entity_type=SESSION,
        related_entity_id=session.pk,
        event_type=SESSION,
        importance=TimelineEvent.Importance.MILESTONE if is_milestone else TimelineEvent.Importance.NORMAL,
    )


def refresh_session_event(session_id: UUID, patient_id: UUID) -> None:
    """Create, update or withdraw a session's event so that it matches the session."""
    # The last writer must also be the last reader, even when several sessions are renumbered.
    with User(pk=patient_id).locked():
        session = TherapySession.objects.counted().filter(pk=session_id).first()
        if session is None:
            withdraw_events(SESSION, session_id)
        elif session.status == TherapySession.Status.PROCESSED or _has_event(session):
            record_event(session_event(session))


def _has_event(session: TherapySession) -> bool:
    return TimelineEvent.objects.live().derived_from(SESSION, [session.pk]).exists()


def reconcile_sessions(patient_id: UUID | None = None) -> int:
    """Repair the session events of one patient or of all; returns how many sessions needed it.

    RowsFailed, once all others were repaired, if it failed for some.
    """
    return in_turn(
        partial(_repair, _outdated_sessions(patient_id), "pk"),
        partial(_repair, _orphaned_events(patient_id), "related_entity_id"),
    )


def _repair(rows: QuerySet[Any], key: str) -> int:
    return each_alone(_found(rows, key), _refresh, event="session_event_not_repaired")


def _refresh(session: Lost) -> bool:
    refresh_session_event(session.pk, session.patient_id)
    return True


def _found(rows: QuerySet[Any], key: str) -> Iterator[Lost]:
    """Sessions by key, in batches: a row that stays in the set is visited once, however large the backlog."""
    due = rows.order_by(key).values_list(key, "patient_id")
    batch = list(due[:BATCH])
    while batch:
        yield from (Lost(*row) for row in batch)
        batch = list(due.filter(**{f"{key}__gt": batch[-1][0]})[:BATCH])


def _outdated_sessions(patient_id: UUID | None) -> QuerySet[TherapySession]:
    """Processed sessions without an up-to-date event (an anti-join on the event's unique key)."""
    current = TimelineEvent.objects.live().filter(
        related_entity_type=SESSION,
        related_entity_id=OuterRef("pk"),
        event_type=SESSION,
        event_subtype="",
        title=OuterRef("expected_title"),
        event_date=OuterRef("session_date"),
    )
    numbered = Concat(Value("Session #"), Cast("number", CharField()))
    title = Case(When(number=None, then=Value("Session")), default=numbered, output_field=CharField())
    rows: QuerySet[TherapySession] = TherapySession.objects.counted().filter(status=TherapySession.Status.PROCESSED)
    described: QuerySet[TherapySession] = _of(rows, patient_id).alias(expected_title=title)
    return described.filter(~Exists(current))


def _orphaned_events(patient_id: UUID | None) -> QuerySet[TimelineEvent]:
    """Live events of sessions that were deleted or failed."""
    counted = TherapySession.objects.counted().filter(pk=OuterRef("related_entity_id"))
    rows = TimelineEvent.objects.live().filter(related_entity_type=SESSION)
    return _of(rows, patient_id).filter(~Exists(counted))


def _of(rows: QuerySet[M], patient_id: UUID | None) -> QuerySet[M]:
    return rows.filter(patient=patient_id) if patient_id else rows
