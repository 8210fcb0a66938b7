"""Plans, goals, what is followed for them, and questionnaires."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch

from exports.collect.rows import Rows
from exports.records.columns import (
    ASSIGNMENT,
    AWARD,
    CHECK_IN,
    ENTRY,
    GOAL,
    GOAL_INTERVENTION,
    MILESTONE,
    PLAN,
    PLAN_CONSENT,
    PLAN_VERSION,
    RATING,
    REMINDERS,
    RESULT,
    REVIEW,
    SCHEDULE,
    TRACKER,
)
from exports.records.treatment import Code, Entry, Goal, Plan, Reminders, Result, Series, Tracker, Treatment
from treatment.instruments import INSTRUMENTS
from treatment.measures.contexts.pages import WORDS
from treatment.measures.contexts.series import MOST, series_of
from treatment.models import GoalRating, PlanReview, PlanVersion
from treatment.plans.choices import MilestoneStatus
from treatment.plans.contexts import described_codes

NOT_FOR_PATIENTS = {"band", "subscales", "endorsed", "prorated"}  # of an outcome


def all_treatment(rows: Rows) -> Treatment:
    """Everything."""
    found = list(rows.results())
    return Treatment(
        plans=plans(rows, with_versions=True),
        goals=goals(rows),
        trackers=trackers(rows),
        check_ins=[CHECK_IN.read(row) for row in rows.check_ins()],
        awards=[AWARD.read(row) for row in rows.awards()],
        schedules=[SCHEDULE.read(row) for row in rows.schedules()],
        assignments=[ASSIGNMENT.read(row) for row in rows.assignments()],
        results=results(rows, found),
        withdrawn=results(rows, rows.withdrawn_results()),
        series=series(rows, found),
        reminders=_reminders(rows),
    )


def plans(rows: Rows, *, with_versions: bool = False) -> list[Plan]:
    """Plans with milestones and reviews; patients read titles, days and steps."""
    if rows.is_shared:
        return [_own_plan(row) for row in rows.plans().prefetch_related("milestones", "consents")]
    reviews = Prefetch("reviews", PlanReview.objects.order_by("reviewed_date", "id"))
    versions = PlanVersion.objects.order_by("number") if with_versions else PlanVersion.objects.none()
    parts = ("milestones", "consents", reviews, Prefetch("versions", versions))
    return [plan_of(row) for row in rows.plans().prefetch_related(*parts)]


def plan_of(row: Any, **instead: Any) -> Plan:
    """A plan with all that was prefetched with it, or with other rows `instead`."""
    plan: Plan = PLAN.read(
        row,
        codes=[_code(one) for one in described_codes(row.codes)],
        milestones=[MILESTONE.read(one) for one in instead.get("milestones", row.milestones.all())],
        reviews=[REVIEW.read(one) for one in instead.get("reviews", row.reviews.all())],
        versions=[PLAN_VERSION.read(one) for one in instead.get("versions", row.versions.all())],
        consents=_consents(instead.get("consents", row.consents.all())),
    )
    return plan


def _code(described: dict[str, Any]) -> Code:
    listed = described["listed"]
    return Code(code=described["code"], title=listed.description if listed else "")


def _consents(rows: Iterable[Any]) -> list[Any]:
    return [PLAN_CONSENT.read(one) for one in sorted(rows, key=lambda one: one.pk)]


def _own_plan(row: Any) -> Plan:
    """Without what therapists write about it, and without a review that should have been."""
    steps = [one for one in row.milestones.all() if one.status != MilestoneStatus.DISCONTINUED]
    read = PLAN.read(row, codes=[], milestones=[replace(MILESTONE.read(one), notes="") for one in steps])
    due, today = row.next_review_date, row.patient.clinic_day
    told = due if due and due >= today else None
    hidden = {"diagnosis": "", "problems": "", "reason": None}
    plan: Plan = replace(read, next_review_date=told, consents=_consents(row.consents.all()), **hidden)
    return plan


def goals(rows: Rows) -> list[Goal]:
    """Goals with ratings and interventions; patients read their words and how far they are."""
    if rows.is_shared:
        return [_own_goal(row) for row in rows.goals()]
    ratings = Prefetch("ratings", GoalRating.objects.order_by("rated_date", "id"))
    return [goal_of(row) for row in rows.goals().prefetch_related(ratings, "interventions__intervention")]


def goal_of(row: Any, *, ratings: Iterable[Any] | None = None) -> Goal:
    """A goal with all that was prefetched with it, or with other ratings."""
    goal: Goal = GOAL.read(
        row,
        ratings=[RATING.read(one) for one in (row.ratings.all() if ratings is None else ratings)],
        interventions=[_use(one) for one in row.interventions.all()],
    )
    return goal


def _use(row: Any) -> Any:
    of = row.intervention
    return GOAL_INTERVENTION.read(row, key=of.key, name=of.name, modality=of.modality)


def _own_goal(row: Any) -> Goal:
    read: Goal = GOAL.read(row)
    hidden: dict[str, Any] = {"smart": {}, "measurement": None, "reason": None, "replaced_by": None}
    return replace(read, wording=row.words_for_patient, plain_wording="", **hidden)


def trackers(rows: Rows) -> list[Tracker]:
    """What is followed, with its values; patients do not read what therapists wrote beside these."""
    return [tracker_of(row, row.entries.all(), is_shared=rows.is_shared) for row in rows.trackers()]


def tracker_of(row: Any, entries: Iterable[Any], *, is_shared: bool = False) -> Tracker:
    """A tracker with these values."""
    read = [ENTRY.read(one) for one in entries]
    if is_shared:
        read = [_own_entry(one) for one in read if one.withdrawn_at is None]
    tracker: Tracker = TRACKER.read(
        row,
        entries=[one for one in read if one.withdrawn_at is None],
        withdrawn=[one for one in read if one.withdrawn_at is not None],
    )
    return tracker


def _own_entry(entry: Entry) -> Entry:
    return replace(entry, note="", session=None, entered_by=None)


def results(rows: Rows, found: Iterable[Any]) -> list[Result]:
    """Filled-in questionnaires; patients read answers and totals, and no bands."""
    read = [RESULT.read(row, name=_name_of(row.instrument, is_shared=rows.is_shared)) for row in found]
    return [_own_result(one) for one in read] if rows.is_shared else read


def _own_result(result: Result) -> Result:
    told = {name: value for name, value in result.outcome.items() if name not in NOT_FOR_PATIENTS}
    return replace(result, outcome=told, session=None, entered_by=None)


def _name_of(key: str, *, is_shared: bool) -> str:
    instrument = INSTRUMENTS.get(key)
    if instrument is None:
        return key
    return instrument.plain_name if is_shared else instrument.name


def series(rows: Rows, found: Sequence[Any]) -> list[Series]:
    """The totals of each questionnaire over time."""
    latest_first = sorted(found, key=lambda row: (row.taken_date, row.pk), reverse=True)
    return [_series(one, is_shared=rows.is_shared) for one in series_of(latest_first[:MOST])]


def _series(one: Any, *, is_shared: bool) -> Series:
    (lowest, highest), instrument = one.instrument.range, one.instrument
    is_told = one.is_current and not is_shared
    return Series(
        instrument=instrument.key,
        version=one.version,
        name=_name_of(instrument.key, is_shared=is_shared),
        lowest=lowest,
        highest=highest,
        points=[(row.taken_date, total) for row, total in zip(one.results, one.totals, strict=True)],
        bands=[(band.name, band.lowest) for band in instrument.bands] if is_told else [],
        trend="" if is_shared else WORDS[one.trend.direction],
        change=one.change.verdict if is_told and one.change else None,
    )


def _reminders(rows: Rows) -> Reminders | None:
    row = rows.reminders().first()
    if row is None:
        return None
    held: Reminders = REMINDERS.read(row, quiet_from=str(row.quiet_from), quiet_until=str(row.quiet_until))
    return held
