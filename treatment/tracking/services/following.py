"""What follows from a new value: progress of the goal, and awards."""

from decimal import Decimal

from accounts.care.access import RecordAccess
from treatment.goals.services.progress import measure_goal
from treatment.models import Tracker
from treatment.tracking.services.awards import award_streak


def follow(tracker: Tracker, *, access: RecordAccess) -> None:
    """Let the newest value move the goal, if it does, and award streaks. Call it in the transaction of the value."""
    newest = tracker.entries.standing().order_by("-day", "-id").first()
    if newest and tracker.moves_goal and tracker.goal.is_open:
        measure_goal(tracker.goal, Decimal(str(newest.value)), newest.day, access=access)
    award_streak(tracker.goal, tracker.patient.own_day)
