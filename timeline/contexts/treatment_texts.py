"""What events of treatment say: read from plans, goals and results, in words for therapists or for the patient.

Nothing of these is kept with the events.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from therapybridge.core.compiled import Compiled, Slot, built_once
from therapybridge.core.lookups import Keys
from therapybridge.core.pages.excerpts import excerpt
from timeline.contexts.session_texts import plain_words
from timeline.models import GOAL, MEASURE, MILESTONE, PLAN, REVIEW
from treatment.instruments import INSTRUMENTS
from treatment.models import Goal, MeasureResult, PlanMilestone, PlanReview, TreatmentPlan

SHOWN_CHARACTERS = 200
Row = dict[str, Any]
Sources = dict[tuple[str, UUID], Any]  # by kind and key
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
    sources = _sources_of(rows)
    return [_cut(_tell(row, sources, reader)) if row["related_entity_type"] in SOURCES else row for row in rows]


def _cut(row: Row) -> Row:
    return row | {name: excerpt(row[name], SHOWN_CHARACTERS) for name in ("title", "description")}


def matching_treatment(rows: list[Row], reader: User, words: str) -> list[UUID]:
    """The events of treatment in whose title or description, as `reader` sees them in full, these plain words are."""
    treated = [row for row in rows if row["related_entity_type"] in SOURCES]
    sources = _sources_of(treated)
    told = [_in_words(row, sources.get(_source(row)), reader) for row in treated]
    return [row["id"] for row in told if any(words in plain_words(row[name]) for name in ("title", "description"))]


def _tell(row: Row, sources: Sources, reader: User) -> Row:
    source = sources.get(_source(row))
    told = _in_words(row, source, reader)
    return told | {"updated_at": max(row["updated_at"], source.updated_at)} if source else told


def changed_treatment(moment: Any, patient: Any) -> Q:
    """The events of a patient that show (above) an `updated_at` of this moment or later, of their source."""
    changed = Q()
    for name, (model, *_) in SOURCES.items():
        of_patient = {"plan__patient" if model is PlanReview else "patient": patient}
        rows = model.objects.filter(updated_at__gte=moment, **of_patient).order_by().values("pk")
        changed |= Q(related_entity_type=name, related_entity_id__in=rows)
    return changed


def _in_words(row: Row, source: Any, reader: User) -> Row:
    if source is None:
        return row
    *_, tell, tell_patient = SOURCES[row["related_entity_type"]]
    return row | (tell_patient if reader.is_patient else tell)(row, source)


def _source(row: Row) -> tuple[str, UUID]:
    return row["related_entity_type"], row["related_entity_id"]


def _sources_of(rows: list[Row]) -> Sources:
    """What the rows are about, in one query for each kind."""
    ids = defaultdict(list)
    for row in rows:
        name, pk = _source(row)
        ids[name].append(pk)
    found: Sources = {}
    for name in SOURCES.keys() & ids.keys():
        query, model = _source_query(name), SOURCES[name][0]
        found |= {(name, row[0]): model.from_db("default", query.columns, row) for row in query.rows(sources=ids[name])}
    return found


@built_once
def _source_query(name: str) -> Compiled:
    """The columns that the words are made of, in the order of the model's, of the rows in the slot."""
    model, columns, *_ = SOURCES[name]
    held = [field.attname for field in model._meta.concrete_fields if field.name in {"id", "updated_at", *columns}]
    rows = model.objects.filter(pk__among=Slot("sources", Keys())).order_by().values_list(*held)
    return Compiled(rows)
