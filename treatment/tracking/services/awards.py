"""Awards: thresholds of progress and of days in a row, each given once."""

from collections.abc import Sequence
from datetime import date

from treatment.models import Award, Goal, TrackingEntry
from treatment.statistics.progress import thresholds_due
from treatment.statistics.streaks import awards_due, streak
from treatment.tracking.choices import AwardKind


def progress_awards(goal: Goal, percent: int, day: date) -> list[Award]:
    """The awards for what the goal's progress passes on its way to `percent`; to be given in the same transaction."""
    passed = thresholds_due(goal.progress, ())
    return _awards(goal, AwardKind.PROGRESS, thresholds_due(percent, passed), day)


def give(awards: Sequence[Award]) -> None:
    """Keep those that were not given before; the unique key decides between two at once."""
    if awards:
        Award.objects.bulk_create(awards, ignore_conflicts=True)


def award_streak(goal: Goal, day: date) -> None:
    """Award days in a row with a value for the goal, up to `day` in the patient's time zone."""
    days = TrackingEntry.objects.standing().filter(tracker__goal=goal).values_list("day", flat=True).distinct()
    given = Award.objects.filter(goal=goal, kind=AwardKind.STREAK).values_list("threshold", flat=True)
    give(_awards(goal, AwardKind.STREAK, awards_due(streak(days, day).longest, given), day))


def _awards(goal: Goal, kind: AwardKind, due: Sequence[int], day: date) -> list[Award]:
    return [Award(goal=goal, patient_id=goal.patient_id, kind=kind, threshold=one, awarded_date=day) for one in due]
