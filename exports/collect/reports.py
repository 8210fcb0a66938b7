"""The progress report and the treatment summary: the same parts, as the pages choose them."""

from dataclasses import replace
from typing import Any

from exports.choices import ExportKind
from exports.collect.rows import Rows
from exports.collect.treatment import goal_of, goals, plan_of, plans, results, series, tracker_of
from exports.collect.wanted import Request
from exports.records.columns import AWARD
from exports.records.treatment import Goal, Plan, Result, Treatment
from treatment.models import Goal as GoalRow
from treatment.models import TrackingEntry
from treatment.reports.contexts import Period, goals_of, plans_of, report_context, usual_period

Reported = dict[str, Any]


def period_of(request: Request) -> Period:
    """The chosen days, else the last ninety."""
    usual, wanted = usual_period(request.access.patient), request.wanted
    end = wanted.end or usual.end
    return Period(wanted.start or end - (usual.end - usual.start), end)


def in_period(request: Request) -> Request:
    """The request; for a report, with the days that it covers if not all are given."""
    if request.wanted.kind != ExportKind.PROGRESS_REPORT:
        return request
    period = period_of(request)
    return replace(request, wanted=replace(request.wanted, start=period.start, end=period.end))


def reported_plans(rows: Rows) -> Any:
    """Plans of a report, to be counted."""
    return rows.plans() if rows.is_shared else plans_of(rows.patient, _period(rows))


def reported_goals(rows: Rows) -> Any:
    """Goals of a report, to be counted."""
    if rows.is_shared:
        return rows.goals()
    _, after = _period(rows).moments(rows.patient.clinic_zone)
    return goals_of(reported_plans(rows).order_by(), after)


def _period(rows: Rows) -> Period:
    """The days to which the request was limited; see `in_period`."""
    start, end = rows.wanted.start, rows.wanted.end
    if start is None or end is None:
        raise TypeError("Every report has a period.")
    return Period(start, end)


def reported_treatment(request: Request, rows: Rows) -> Treatment:
    """What the page of the report says: plans that ran, ratings and values of the period, reviews held in it."""
    found = list(rows.results())
    if rows.is_shared:
        shown = (results(rows, found), series(rows, found))
        return Treatment(plans=plans(rows), goals=goals(rows), results=shown[0], series=shown[1])
    period = period_of(request)
    reported = report_context(request.access, period)["plans"]
    return Treatment(
        plans=[_plan(one) for one in reported],
        goals=_goals(reported),
        trackers=_trackers(reported, period),
        results=results(rows, found),
        series=series(rows, found),
    )


def _plan(one: Reported) -> Plan:
    return plan_of(one["plan"], milestones=one["milestones"], reviews=one["reviews"][::-1], versions=(), consents=())


def _goals(reported: list[Reported]) -> list[Goal]:
    """Those of the report, each with its first and its last rating of the period."""
    rated = {row["goal"].pk: row["rated"] for plan in reported for row in plan["goals"]}
    order = {key: place for place, key in enumerate(rated)}
    found = GoalRow.objects.filter(pk__in=rated).prefetch_related("interventions__intervention")
    return [goal_of(row, ratings=_ends(rated[row.pk])) for row in sorted(found, key=lambda row: order[row.pk])]


def _ends(rated: Any) -> list[Any]:
    if rated is None:
        return []
    return [rated.first] if rated.count == 1 else [rated.first, rated.last]


def _trackers(reported: list[Reported], period: Period) -> list[Any]:
    rows = [one.tracker for plan in reported for goal in plan["goals"] for one in goal["tracked"]]
    values: dict[Any, list[Any]] = {row.pk: [] for row in rows}
    standing = TrackingEntry.objects.standing().filter(tracker__in=rows, day__range=(period.start, period.end))
    for entry in standing.order_by("day", "id"):
        values[entry.tracker_id].append(entry)
    return [tracker_of(row, values[row.pk]) for row in rows]


def summarised_treatment(rows: Rows) -> Treatment:
    """Diagnosis, plans, goals and what was done for them, with the latest result of each questionnaire."""
    found = list(rows.results())
    return Treatment(
        plans=plans(rows),
        goals=goals(rows),
        awards=[AWARD.read(row) for row in rows.awards()],
        results=_latest(results(rows, found)),
        series=series(rows, found),
    )


def latest_results(rows: Rows) -> Any:
    """One row for each questionnaire of a summary, to be counted."""
    return rows.results().order_by().values("instrument", "instrument_version").distinct()


def _latest(found: list[Result]) -> list[Result]:
    latest = {(one.instrument, one.instrument_version): one for one in found}
    return list(latest.values())
