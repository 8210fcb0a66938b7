"""What events of treatment say: read from plans, goals and results, in words for therapists or for the patient.

Nothing of these is kept with the events.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from therapybridge.core.pages.excerpts import excerpt
from timeline.contexts.session_texts import plain_words
from timeline.models import GOAL, MEASURE, MILESTONE, PLAN, REVIEW, TimelineEvent
from treatment.instruments import INSTRUMENTS
from treatment.models import Goal, MeasureResult, PlanMilestone, PlanReview, TreatmentPlan

SHOWN_CHARACTERS = 200
Row = dict[str, Any]
PLANS_FOR_PATIENTS = {"started": "You and your therapist started a plan", "ended": "This plan has ended"}
REVIEW_FOR_PATIENTS = "You and your therapist looked at your plan again"
GOALS_FOR_PATIENTS = {"set": "New goal", "achieved": "Goal reached"}


def _plan(row: Row, plan: TreatmentPlan) -> Row:
    ended = f" · {plan.get_status_display()}" if row["event_subtype"] == "ended" else ""
    return {"description": f"{plan.title}{ended}"}


def _own_plan(row: Row, plan: TreatmentPlan) -> Row:
    return {"title": PLANS_FOR_PATIENTS[row["event_subtype"]], "description": plan.title} | _of_plan(plan.pk)


def _of_plan(plan_id: UUID) -> Row:
    return {"related_entity_type": PLAN, "related_entity_id": plan_id}


def _review(row: Row, review: PlanReview) -> Row:
    return {"description": review.get_outcome_display()}


def _own_review(row: Row, review: PlanReview) -> Row:
    return {"title": REVIEW_FOR_PATIENTS} | _of_plan(review.plan_id)


def _goal(row: Row, goal: Goal) -> Row:
    return {"description": goal.wording}


def _own_goal(row: Row, goal: Goal) -> Row:
    """Without the words of a goal that was given up or replaced: the portal shows none of these."""
    told = GOALS_FOR_PATIENTS[row["event_subtype"]]
    return {"title": f"{told}: {goal.words_for_patient}" if goal.counts else told} | _of_plan(goal.plan_id)


def _milestone(row: Row, milestone: PlanMilestone) -> Row:
    return {"description": milestone.description}


def _own_milestone(row: Row, milestone: PlanMilestone) -> Row:
    return {"title": f"Step reached: {milestone.description}"} | _of_plan(milestone.plan_id)


def _measure(row: Row, result: MeasureResult) -> Row:
    outcome, instrument = result.outcome, INSTRUMENTS[result.instrument]
    is_current = result.instrument_version == instrument.version
    total = f"{outcome['total']} of {instrument.range[1]}" if is_current else str(outcome["total"])
    band = f" · {outcome['band']}" if outcome["band"] else ""
    return {"title": f"{instrument.name} filled in", "description": f"{total}{band}"}


def _own_measure(row: Row, result: MeasureResult) -> Row:
    return {"title": f"{INSTRUMENTS[result.instrument].plain_name} filled in"}


Teller = Callable[[Row, Any], Row]
# Where the words are, with what therapists and what patients read.
SOURCES: dict[str, tuple[Any, tuple[str, ...], Teller, Teller]] = {
    PLAN: (TreatmentPlan, ("title", "status"), _plan, _own_plan),
    REVIEW: (PlanReview, ("outcome", "plan"), _review, _own_review),
    GOAL: (Goal, ("wording", "plain_wording", "status", "plan"), _goal, _own_goal),
    MILESTONE: (PlanMilestone, ("description", "plan"), _milestone, _own_milestone),
    MEASURE: (MeasureResult, ("instrument", "instrument_version", "outcome"), _measure, _own_measure),
}


def with_treatment_texts(rows: list[Row], reader: User) -> list[Row]:
    """The rows with what `reader` may read of their plans, goals and results, in one query for each of these."""
    return [_cut(row) if row["related_entity_type"] in SOURCES else row for row in _told(rows, reader)]


def _cut(row: Row) -> Row:
    return row | {name: excerpt(row[name], SHOWN_CHARACTERS) for name in ("title", "description")}


def _told(rows: list[Row], reader: User) -> list[Row]:
    """In full."""
    sources: dict[str, dict[UUID, Any]] = {}
    for name, (model, columns, *_) in SOURCES.items():
        ids = [row["related_entity_id"] for row in rows if row["related_entity_type"] == name]
        sources[name] = model.objects.only(*columns, "updated_at").in_bulk(ids) if ids else {}
    return [_tell(row, sources.get(row["related_entity_type"], {}), reader) for row in rows]


def _tell(row: Row, sources: dict[UUID, Any], reader: User) -> Row:
    source = sources.get(row["related_entity_id"])
    if source is None:
        return row
    *_, tell, tell_patient = SOURCES[row["related_entity_type"]]
    told = (tell_patient if reader.is_patient else tell)(row, source)
    return row | told | {"updated_at": max(row["updated_at"], source.updated_at)}


def matching_treatment(patient_id: UUID, reader: User, term: str) -> Q:
    """The events of treatment in whose words `term` is, ignoring case: of encrypted texts no database can tell."""
    events = TimelineEvent.objects.visible_to(reader).filter(patient=patient_id, related_entity_type__in=SOURCES)
    columns = ("id", "event_subtype", "title", "description", "related_entity_type", "related_entity_id", "updated_at")
    told = _told(list(events.order_by().values(*columns)), reader)
    words = plain_words(term)
    return Q(
        pk__in=[row["id"] for row in told if any(words in plain_words(row[name]) for name in ("title", "description"))]
    )
