"""Setting up what is tracked for a goal."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from therapybridge.core.errors import Conflict, EditConflict, InvalidInput
from treatment.instruments import INSTRUMENTS
from treatment.models import Goal, Tracker
from treatment.tracking.audit_actions import TRACKER_ADDED, TRACKER_CHANGED, TRACKER_ENDED
from treatment.tracking.choices import Rhythm, TrackerKind

MAX_RUNNING = 20  # for one patient: more are not answered
MAX_QUESTION, MAX_UNIT = 200, 40  # characters
WIDEST_SCALE, FARTHEST = 1_000, 10_000
MEASURES_MOVE_NONE = "The total of a questionnaire moves no goal. Rate the goal instead."
# What can be changed later: another kind or scale would make another series of it.
CHANGEABLE = ("question", "rhythm", "every_days", "asks_patient", "sends_reminders", "moves_goal")


def add_tracker(goal: Goal, *, access: RecordAccess, **given: Any) -> Tracker:
    """Follow a number for a goal; InvalidInput by field, Conflict if the goal or its plan is closed."""
    access.require_write(goal.patient_id)
    tracker = Tracker(goal=goal, patient=access.patient, changed_by=access.user, **given)
    _check(tracker)
    with access.patient.locked():
        goal.refresh_from_db()
        if not goal.is_open or not goal.plan.is_open:
            raise Conflict("This goal is closed.", code="goal_closed")
        if Tracker.objects.running().filter(patient=access.patient).count() >= MAX_RUNNING:
            raise Conflict(f"At most {MAX_RUNNING} numbers are followed at once. End one of them first.")
        _require_single_mover(tracker)
        tracker.save()
        record(TRACKER_ADDED, tracker, by=access)
    return tracker


def change_tracker(tracker: Tracker, *, revision: int, access: RecordAccess, **given: Any) -> Tracker:
    """Change question, rhythm and reminders on top of `revision`; EditConflict if somebody else did since."""
    access.require_write(tracker.patient_id)
    with access.patient.locked():
        _require_current(tracker, revision)
        changed = [name for name in CHANGEABLE if name in given and given[name] != getattr(tracker, name)]
        if not changed:
            return tracker
        for name in changed:
            setattr(tracker, name, given[name])
        _check(tracker)
        _require_single_mover(tracker)
        _keep(tracker, access)
        record(TRACKER_CHANGED, tracker, by=access, changed=changed)
    return tracker


def end_tracker(tracker: Tracker, *, revision: int, access: RecordAccess) -> Tracker:
    """Ask no more; values and charts stay."""
    access.require_write(tracker.patient_id)
    with access.patient.locked():
        _require_current(tracker, revision)
        tracker.ended_at = timezone.now()
        _keep(tracker, access)
        record(TRACKER_ENDED, tracker, by=access, changed=["ended_at"])
    return tracker


def _keep(tracker: Tracker, access: RecordAccess) -> None:
    tracker.revision, tracker.changed_by = tracker.revision + 1, access.user
    tracker.save()


def _require_current(tracker: Tracker, revision: int) -> None:
    tracker.refresh_from_db()
    if tracker.ended_at or not tracker.goal.plan.is_open:
        raise Conflict("This is not tracked any more.", code="tracker_ended")
    if tracker.revision != revision:
        raise EditConflict(tracker, "tracker")


def _require_single_mover(tracker: Tracker) -> None:
    if not tracker.moves_goal:
        return
    if Tracker.objects.filter(goal=tracker.goal_id, moves_goal=True, ended_at=None).exclude(pk=tracker.pk).exists():
        raise Conflict("Another number already moves this goal. End that one first.", code="goal_moved_already")


def _check(tracker: Tracker) -> None:
    tracker.question, tracker.unit = tracker.question.strip(), tracker.unit.strip()
    wrong = {name: [text] for name, text in _defects(tracker) if text}
    if wrong:
        raise InvalidInput(errors=wrong)


def _defects(tracker: Tracker) -> list[tuple[str, str]]:
    """Each field with what is wrong with it, or an empty text."""
    is_custom, is_scale = tracker.rhythm == Rhythm.CUSTOM, tracker.kind == TrackerKind.SCALE
    is_measure = tracker.kind == TrackerKind.MEASURE
    lowest, highest = tracker.lowest, tracker.highest
    return [
        ("question", "" if 0 < len(tracker.question) <= MAX_QUESTION else f"Ask in up to {MAX_QUESTION} characters."),
        ("unit", "" if len(tracker.unit) <= MAX_UNIT else f"Write at most {MAX_UNIT} characters."),
        ("every_days", "" if is_custom == (tracker.every_days is not None) else "Say after how many days, if custom."),
        ("highest", "" if not is_scale or _is_scale(lowest, highest) else "Give two whole numbers, the higher last."),
        ("lowest", "" if is_scale or lowest is None is highest else "Only a scale has ends."),
        ("instrument", "" if not is_measure or tracker.instrument in INSTRUMENTS else "Choose a questionnaire."),
        ("moves_goal", MEASURES_MOVE_NONE if is_measure and tracker.moves_goal else ""),
        ("kind", "" if is_measure or not tracker.instrument else "Only the total of a questionnaire names one."),
    ]


def _is_scale(lowest: Decimal | None, highest: Decimal | None) -> bool:
    if lowest is None or highest is None or lowest % 1 or highest % 1:
        return False
    return -FARTHEST <= lowest < highest <= FARTHEST and highest - lowest <= WIDEST_SCALE
