"""Values that a therapist enters for a tracker."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from sessions_app.models import TherapySession
from therapybridge.core.errors import Conflict, InvalidInput
from treatment.models import Tracker, TrackingEntry
from treatment.tracking.audit_actions import ENTRY_ADDED, ENTRY_WITHDRAWN
from treatment.tracking.services.following import follow

MAX_NOTE = 1_000  # characters
OLDEST = timedelta(days=366)
MOST_A_DAY = 50


def add_entry(
    tracker: Tracker,
    *,
    value: float,
    day: date,
    note: str = "",
    session: TherapySession | None = None,
    access: RecordAccess,
) -> TrackingEntry:
    """Enter the value of a day; Conflict if the tracker has ended, InvalidInput for a value or day that cannot be."""
    access.require_write(tracker.patient_id)
    checked, today = tracker.checked(value), access.patient.clinic_day
    if not today - OLDEST <= day <= today:
        raise InvalidInput(errors={"day": ["Choose a day within the last year, and none in the future."]})
    with access.patient.locked():
        require_running(tracker)
        if TrackingEntry.objects.filter(tracker=tracker, day=day).count() >= MOST_A_DAY:
            raise Conflict("This day has too many values already.", code="too_many_values")
        entry: TrackingEntry = TrackingEntry.objects.create(
            tracker=tracker,
            patient=access.patient,
            day=day,
            value=checked,
            note=written_note(note),
            session=session,
            entered_by=access.user,
        )
        record(ENTRY_ADDED, entry, by=access)
        follow(tracker, access=access)
    return entry


def withdraw_entry(entry: TrackingEntry, *, access: RecordAccess) -> TrackingEntry:
    """Take a mistake out of charts and statistics; it stays in the record. Progress that it made is kept."""
    access.require_write(entry.patient_id)
    with access.patient.locked():
        rows = TrackingEntry.objects.filter(pk=entry.pk, withdrawn_at=None)
        if not rows.update(withdrawn_at=timezone.now()):
            raise Conflict("This value was withdrawn before.", code="entry_withdrawn")
        record(ENTRY_WITHDRAWN, entry, by=access)
        entry.refresh_from_db()
    return entry


def require_running(tracker: Tracker) -> None:
    """Read it again under the lock; Conflict if it or its plan has ended."""
    tracker.refresh_from_db(fields=["ended_at"])
    tracker.goal.plan.refresh_from_db(fields=["status"])
    if not tracker.is_running or not tracker.goal.plan.is_open:
        raise Conflict("This is not tracked any more.", code="tracker_ended")


def written_note(note: Any) -> str:
    """The note as it is kept; InvalidInput if it is too long."""
    text = str(note).replace("\r\n", "\n").strip()
    if len(text) > MAX_NOTE:
        raise InvalidInput(errors={"note": [f"Write at most {MAX_NOTE:,} characters."]})
    return text
