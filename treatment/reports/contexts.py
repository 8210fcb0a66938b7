"""What a progress report says of a period: meetings, goals, milestones, questionnaires, reviews."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.care.access import RecordAccess
from accounts.models import User
from sessions_app.models import TherapySession
from treatment.goals.contexts.tree import in_order, tree_of
from treatment.measures.contexts.pages import shown_series
from treatment.measures.contexts.series import drawn_series, standing
from treatment.models import Goal, GoalRating, PlanMilestone, PlanReview, Tracker, TreatmentPlan
from treatment.plans.contexts import described_codes
from treatment.thread.contexts.evidence import evidence_of
from treatment.tracking import contexts as tracking
from treatment.tracking.choices import TrackerKind

USUAL = timedelta(days=90)
NOTES, QUOTES = 6, 3  # of a goal
MOST_REVIEWS = 12  # of one plan, the latest of the period; the plan has all


@dataclass(frozen=True, slots=True)
class Rated:
    """The first and the last rating of a goal in a period; `between` counts those that are not told."""

    first: GoalRating
    last: GoalRating
    count: int

    @property
    def between(self) -> int:
        """How many lie between the two."""
        return max(self.count - 2, 0)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the clinic, both included."""

    start: date
    end: date

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From the first moment to the one after the last."""
        after = self.end + timedelta(days=1)
        return datetime.combine(self.start, time(), zone), datetime.combine(after, time(), zone)


def usual_period(patient: User) -> Period:
    """The last ninety days."""
    return Period(patient.clinic_day - USUAL, patient.clinic_day)


def plans_of(patient: User, period: Period) -> QuerySet[TreatmentPlan]:
    """Plans that ran in the period."""
    rows = TreatmentPlan.objects.shared_with(patient).filter(start_date__lte=period.end)
    return rows.filter(Q(ended_date=None) | Q(ended_date__gte=period.start)).order_by("start_date", "id")


def goals_of(plans: Collection[TreatmentPlan] | QuerySet[TreatmentPlan], before: datetime) -> QuerySet[Goal]:
    """Goals of these plans that there were at the end of the period."""
    return Goal.objects.filter(plan__in=plans, created_at__lt=before).order_by("position", "id")


def report_context(access: RecordAccess, period: Period) -> dict[str, Any]:
    """The report; the number of queries does not grow with plans, goals or values."""
    patient, days = access.patient, (period.start, period.end)
    plans = _plans(patient, period)
    start, after = period.moments(patient.clinic_zone)
    goals = list(goals_of(plans, after))
    said = evidence_of(goals, notes=NOTES, quotes=QUOTES, between=(start, after))
    rows = [row | {"evidence": said[row["goal"].pk]} for row in _goal_rows(goals, period, patient)]
    results = standing(patient).filter(taken_date__range=days)
    return {
        "patient": patient,
        "period": period,
        "sessions": _sessions(patient, period),
        "plans": [_plan(plan, rows, period) for plan in plans],
        "measures": [shown_series(one) for one in drawn_series(results)],
        "goal_ids": [goal.pk for goal in goals],  # for the audit row
    }


def _sessions(patient: User, period: Period) -> dict[str, Any]:
    """How many there were, and when the first was."""
    start, after = period.moments(patient.clinic_zone)
    rows = TherapySession.objects.counted().filter(patient=patient, session_date__gte=start, session_date__lt=after)
    return dict(rows.order_by().aggregate(count=Count("pk"), first=Min("session_date")))


def _plans(patient: User, period: Period) -> list[TreatmentPlan]:
    """Plans that ran in the period, with what happened in it."""
    held = Q(reviews__reviewed_date__range=(period.start, period.end))
    latest = PlanReview.objects.filter(reviewed_date__range=(period.start, period.end)).select_related("reviewed_by")
    counted = plans_of(patient, period).annotate(review_count=Count("reviews", filter=held))
    return list(
        counted.prefetch_related("milestones", Prefetch("reviews", latest[:MOST_REVIEWS], to_attr="latest_reviews"))
    )


def _goal_rows(goals: list[Goal], period: Period, patient: User) -> list[dict[str, Any]]:
    """Each goal with how it was rated in the period and what is tracked for it, those below after those above."""
    spans, tracked = _rated(goals, period), _tracked(goals, patient, period)
    ordered = [node.goal for node in in_order(tree_of(goals))]
    return [{"goal": one, "rated": spans.get(one.pk), "tracked": tracked.get(one.pk, [])} for one in ordered]


def _plan(plan: Any, rows: Iterable[dict[str, Any]], period: Period) -> dict[str, Any]:
    return {
        "plan": plan,
        "codes": described_codes(plan.codes),
        "goals": [row for row in rows if row["goal"].plan_id == plan.pk],
        "milestones": [one for one in plan.milestones.all() if _is_of(one, period)],
        "reviews": plan.latest_reviews,
        "more_reviews": plan.review_count - len(plan.latest_reviews),
    }


def _is_of(milestone: PlanMilestone, period: Period) -> bool:
    """Whether it was achieved in the period, or is still to come."""
    day = milestone.achieved_date
    return milestone.status != PlanMilestone.Status.DISCONTINUED and (day is None or period.start <= day <= period.end)


def _rated(goals: list[Goal], period: Period) -> dict[UUID, Rated]:
    """How each goal was rated in the period. Two rows a goal are read, however many there are."""
    rows = GoalRating.objects.filter(goal__in=goals, rated_date__range=(period.start, period.end))
    ranked = rows.defer("value", "note").annotate(
        from_first=Window(RowNumber(), partition_by="goal", order_by=(F("rated_date").asc(), F("id").asc())),
        from_last=Window(RowNumber(), partition_by="goal", order_by=(F("rated_date").desc(), F("id").desc())),
    )
    ends: dict[UUID, list[Any]] = {}
    for rating in ranked.filter(Q(from_first=1) | Q(from_last=1)).order_by("rated_date", "id"):
        ends.setdefault(rating.goal_id, []).append(rating)
    return {goal: Rated(found[0], found[-1], found[-1].from_first) for goal, found in ends.items()}


def _tracked(goals: list[Goal], patient: User, period: Period) -> dict[UUID, list[tracking.Series]]:
    """What is tracked for each goal, as far as there are values in the period."""
    trackers = Tracker.objects.filter(goal__in=goals).exclude(kind=TrackerKind.MEASURE).order_by("id")
    found: dict[UUID, list[tracking.Series]] = {}
    for series in tracking.series_of(list(trackers), patient, between=(period.start, period.end)):
        if series.newest:
            found.setdefault(series.tracker.goal_id, []).append(series)
    return found
