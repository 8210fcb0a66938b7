"""What pages and API show of trackers: the series of values with its statistics, and what is asked today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Any

from django.db.models import F, Max, Q, Window
from django.db.models.functions import RowNumber

from accounts.care.access import RecordAccess
from accounts.consent.services.requests import address_of
from accounts.models import User
from therapybridge.core.pages.charts import Chart, draw_chart
from therapybridge.core.pages.lists import Listing
from treatment.goals.choices import DROPPED
from treatment.measures.contexts.pages import shown_series
from treatment.measures.contexts.series import drawn_series, standing
from treatment.models import Award, CheckIn, Goal, Tracker, TrackingEntry
from treatment.statistics.streaks import Streak, streak
from treatment.statistics.trend import Point, Trend, trend
from treatment.tracking.choices import Better, TrackerKind
from treatment.tracking.forms import ChangeTrackerForm, EntryForm, TrackerForm
from treatment.tracking.services.reminders import first_time, is_due, preference_of, wants_reminders

MOST_POINTS = 500  # of a chart; older values are in the list
MOST_TRACKERS = 40  # of one goal
MOST_AWARDS = 10  # on the patient's page
ENTRIES = Listing(order=("-day", "-id"), per_page=25)
NEW = {
    "kind": TrackerKind.SCALE,
    "lowest": 0,
    "highest": 10,
    "better": "higher",
    "rhythm": "daily",
    "asks_patient": True,
}


@dataclass(frozen=True, slots=True)
class Series:
    """The newest values of a tracker, oldest first, with what they say. Of several of a day the last one counts."""

    tracker: Tracker
    points: list[Point]
    trend: Trend
    streak: Streak

    @property
    def newest(self) -> Point | None:
        """The newest value."""
        return self.points[-1] if self.points else None

    @property
    def newest_words(self) -> str:
        """The newest value as people read it."""
        return self.tracker.words_for(self.points[-1].value) if self.points else ""

    @property
    def yes_days(self) -> int | None:
        """On how many days it was done, where that is what is tracked."""
        return sum(bool(point.value) for point in self.points) if self.tracker.kind == TrackerKind.BINARY else None

    @property
    def mean(self) -> float | None:
        """The mean of the values of all days."""
        return round(fmean(point.value for point in self.points), 2) if self.points else None

    @property
    def lowest(self) -> float | None:
        """The lowest value."""
        return min((point.value for point in self.points), default=None)

    @property
    def highest(self) -> float | None:
        """The highest value."""
        return max((point.value for point in self.points), default=None)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for the patient, and whether its answer is due today."""

    tracker: Tracker
    is_due: bool


def series_of(
    trackers: Sequence[Tracker], patient: User, *, between: tuple[date, date] = (date.min, date.max)
) -> list[Series]:
    """The series of each tracker, in one query for all of them; only of days `between`, both included."""
    today = patient.own_day
    values: dict[Any, dict[date, float]] = {tracker.pk: {} for tracker in trackers}
    newest_first = (F("day").desc(), F("id").desc())
    rank = Window(RowNumber(), partition_by="tracker", order_by=newest_first)
    rows = TrackingEntry.objects.standing().filter(tracker__in=trackers, day__range=between)
    latest = rows.annotate(rank=rank).filter(rank__lte=MOST_POINTS).order_by("-day", "-id")
    sealed = TrackingEntry._meta.get_field("value")
    for pk, tracker, day, value in latest.values_list("pk", "tracker", "day", "value"):
        values[tracker].setdefault(day, sealed.open(value, pk))
    return [_series(tracker, values[tracker.pk], today) for tracker in trackers]


def _series(tracker: Tracker, values: dict[date, float], today: date) -> Series:
    points = [Point(day, values[day]) for day in sorted(values)[-MOST_POINTS:]]
    return Series(
        tracker,
        points,
        trend(points, span=_span(tracker, points), better="lower" if tracker.better == Better.LOWER else "higher"),
        streak(values, today),
    )


def _span(tracker: Tracker, points: list[Point]) -> float:
    """The range of possible values; of those that were given, where there is no end."""
    if tracker.kind == TrackerKind.SCALE:
        return float((tracker.highest or 0) - (tracker.lowest or 0))
    given = [point.value for point in points]
    return 1.0 if tracker.kind == TrackerKind.BINARY else max(given, default=0) - min(given, default=0)


def chart_of(series: Series) -> Chart | None:
    """The picture of a series; None with a single value, which shows no course, or none."""
    if not series.points[1:]:
        return None
    tracker, newest = series.tracker, series.highest or 0
    is_scale = tracker.kind == TrackerKind.SCALE
    highest = {TrackerKind.SCALE: float(tracker.highest or 0), TrackerKind.BINARY: 1.0}.get(
        TrackerKind(tracker.kind), max(newest, 1.0)
    )
    lowest = float(tracker.lowest or 0) if is_scale else 0.0
    return draw_chart(str(tracker.pk)[-8:], tracker.question, series.points, lowest=lowest, highest=highest)


def shown(trackers: Sequence[Tracker], patient: User) -> list[dict[str, Any]]:
    """Each tracker's series with its picture."""
    return [{"series": one, "chart": chart_of(one)} for one in series_of(trackers, patient)]


def goal_context(goal: Goal, access: RecordAccess, refused: TrackerForm | None = None) -> dict[str, Any]:
    """What is tracked for a goal, running ones first, and the form for more."""
    trackers = list(Tracker.objects.filter(goal=goal).order_by("id")[:MOST_TRACKERS])
    trackers.sort(key=lambda tracker: not tracker.is_running)
    form = refused or (TrackerForm(initial=NEW) if access.may_write and goal.is_open else None)
    return {
        "goal": goal,
        "patient": access.patient,
        "shown": shown([one for one in trackers if not one.instrument], access.patient),
        "measures": _measures({one.instrument for one in trackers if one.instrument}, access.patient),
        "ids": [one.pk for one in trackers],  # for the audit row
        "form": form,
    }


def _measures(instruments: set[str], patient: User) -> list[dict[str, Any]]:
    """The series of questionnaires that are followed for the goal."""
    rows = standing(patient).filter(instrument__in=instruments)
    return [shown_series(one) for one in drawn_series(rows)] if instruments else []


def tracker_context(tracker: Tracker, access: RecordAccess, query: Mapping[str, str], path: str) -> dict[str, Any]:
    """A tracker with its values, latest first, and for who may write the forms."""
    [one] = shown([tracker], access.patient)
    page = ENTRIES.page(
        TrackingEntry.objects.filter(tracker=tracker).select_related("entered_by", "tracker"), query, path
    )
    may_enter = access.may_write and tracker.is_running and tracker.kind != TrackerKind.MEASURE
    return {
        "tracker": tracker,
        "goal": tracker.goal,
        "patient": access.patient,
        "may_write": access.may_write,
        "is_reminded": tracker.sends_reminders and wants_reminders(access.patient),
        "entry_form": EntryForm(tracker=tracker, initial={"day": access.patient.clinic_day}) if may_enter else None,
        "change_form": ChangeTrackerForm(tracker=tracker) if access.may_write and tracker.is_running else None,
        **one,
        **page.context(),
    }


def _awards(patient: User) -> list[Award]:
    """The latest awards, for goals whose words the patient reads elsewhere too: of started plans, and not given up."""
    goals = Goal.objects.shared_with(patient).exclude(status__in=DROPPED)
    return list(Award.objects.shared_with(patient).filter(goal__in=goals).select_related("goal")[:MOST_AWARDS])


def check_ins_context(access: RecordAccess, query: Mapping[str, str], path: str) -> dict[str, Any]:
    """A page of a patient's check-ins, latest first, each with its answers."""
    rows = CheckIn.objects.filter(patient=access.patient).prefetch_related("entries__tracker")
    return {"patient": access.patient} | ENTRIES.page(rows, query, path).context()


def portal_context(patient: User) -> dict[str, Any]:
    """What the patient is asked, how long they have kept it up, and their own charts."""
    asked = asked_of(patient)
    return {
        "asked": asked,
        "is_due": any(one.is_due for one in asked),
        "shown": shown([one.tracker for one in asked], patient),
        "has_reminders": any(one.tracker.sends_reminders for one in asked),
        "reminders": reminders_context(patient),
        "awards": _awards(patient),
    }


def reminders_context(patient: User) -> dict[str, Any]:
    """Whether reminders are sent, from when on a day, and in which hours none is."""
    chosen = preference_of(patient)
    start, end = chosen.quiet_from, chosen.quiet_until
    return {
        "chosen": chosen,
        "first_time": first_time(start, end),
        "has_quiet_hours": start != end,
        "address": address_of(patient),
        "zone": patient.zone.key,
    }


def asked_of(patient: User) -> list[Asked]:
    """What the patient is asked for, the oldest question first."""
    rows = Tracker.objects.running().filter(patient=patient, asks_patient=True).exclude(kind=TrackerKind.MEASURE)
    latest = Max("entries__day", filter=Q(entries__withdrawn_at=None))
    today = patient.own_day
    trackers = rows.select_related("goal").annotate(latest=latest).order_by("id")
    return [Asked(tracker, is_due(tracker, tracker.latest, today)) for tracker in trackers]
