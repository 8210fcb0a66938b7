"""Conditions, care plans and goals."""

import json
from collections.abc import Iterator
from uuid import UUID

from exports.builders.fhir.codes import (
    GOAL_STATES,
    ICD_10_CM,
    MILESTONE_STATES,
    OURS,
    PLAN_STATES,
    TERMS,
    Json,
    coding,
    concept,
    ours,
)
from exports.builders.fhir.documents import Document, document
from exports.builders.fhir.parts import derived, moment, note, patient, reference, references, resource, staff
from exports.records.record import Record
from exports.records.treatment import Award, Goal, GoalIntervention, Milestone, Plan, PlanVersion, Review

MILESTONE = "http://hl7.org/fhir/StructureDefinition/goal-relationship"
RUNNING = ("active", "on_hold")


def treatment(record: Record) -> Iterator[Json]:
    """Diagnoses, plans and goals."""
    if record.patient.diagnosis:
        words = record.patient.diagnosis
        yield _condition(record, derived(record.patient.id, "diagnosis"), {"text": words}, words, None)
    for plan in record.treatment.plans:
        yield from _conditions(record, plan)
        yield _plan(record, plan)
        for version in plan.versions:
            yield from document(record, _version(record, plan, version))
    yield from (_goal(record, one) for one in record.treatment.goals)


def _conditions(record: Record, plan: Plan) -> Iterator[Json]:
    """Of each plan its own, since a plan says what it treats and not how long somebody has had it."""
    for one in plan.codes:
        code = {"coding": [coding(ICD_10_CM, one.code, one.title)], "text": one.title or one.code}
        yield _condition(record, derived(plan.id, "code", one.code), code, f"{one.code} {one.title}", plan)
    if plan.diagnosis:
        yield _condition(record, derived(plan.id, "diagnosis"), {"text": plan.diagnosis}, plan.diagnosis, plan)


def _condition(record: Record, id: UUID, code: Json, words: str, plan: Plan | None) -> Json:
    """Active as long as a plan treats it; what became of it afterwards is not known here."""
    is_active = plan is not None and plan.status in RUNNING
    return resource(
        "Condition",
        id,
        record,
        (words, [("Plan", plan.title if plan else None)]),
        clinicalStatus=concept(TERMS + "condition-clinical", "active", "Active") if is_active else None,
        category=[concept(TERMS + "condition-category", "encounter-diagnosis", "Encounter Diagnosis")],
        code=code,
        subject=patient(record),
        recordedDate=moment(plan.start_date) if plan else None,
        recorder=staff(record, plan.therapist) if plan else None,
    )


def _plan(record: Record, one: Plan) -> Json:
    conditions = [derived(one.id, "code", each.code) for each in one.codes]
    conditions += [derived(one.id, "diagnosis")] if one.diagnosis else []
    mine = [goal for goal in record.treatment.goals if goal.plan == one.id]
    told = (one.title, [("Status", one.status), ("Problems", one.problems), ("Reason", one.reason)])
    return resource(
        "CarePlan",
        one.id,
        record,
        told,
        status=PLAN_STATES.get(one.status, "unknown"),
        intent="plan",
        category=[ours("care-plan", "psychotherapy", "Psychotherapy treatment plan")],
        title=one.title,
        description=one.problems,
        subject=patient(record),
        period={"start": moment(one.start_date), "end": moment(one.ended_date)},
        author=staff(record, one.therapist),
        addresses=references("Condition", conditions),
        supportingInfo=references("Consent", [each.entry for each in one.consents]),
        goal=references("Goal", [goal.id for goal in mine]),
        activity=[*map(_milestone, one.milestones), *_interventions(mine)],
        note=[*_plan_notes(one), *(_review(record, each) for each in one.reviews)],
    )


def _milestone(one: Milestone) -> Json:
    dates = [("by", one.target_date), ("reached on", one.achieved_date)]
    scheduled = ", ".join(f"{word} {day}" for word, day in dates if day)
    return {
        "progress": [note(one.notes)],
        "detail": {
            "code": ours("activity", "milestone", "Milestone"),
            "status": MILESTONE_STATES.get(one.status, "unknown"),
            "scheduledString": scheduled,
            "description": one.description,
        },
    }


def _interventions(goals: list[Goal]) -> Iterator[Json]:
    for goal in goals:
        yield from (_intervention(goal, one) for one in goal.interventions)


def _intervention(goal: Goal, one: GoalIntervention) -> Json:
    rated = f"Effectiveness as rated by the therapist: {one.effectiveness}" if one.effectiveness else ""
    return {
        "progress": [note("\n".join(filter(None, (one.notes, rated))))],
        "detail": {
            "code": {
                "coding": [coding(f"{OURS}code:intervention", one.key)] if one.key else [],
                "text": one.name,
            },
            "goal": [reference("Goal", goal.id)],
            "status": "unknown",
            "scheduledString": one.frequency,
            "description": " ".join(filter(None, (one.name, f"({one.modality})" if one.modality else ""))),
        },
    }


def _plan_notes(one: Plan) -> list[Json | None]:
    """What FHIR has no element for."""
    days = [("Sessions", one.session_frequency), ("To be reached by", one.target_end_date)]
    days += [("Reason", one.reason), ("Next review", one.next_review_date)]
    return [note(f"{label}: {value}") for label, value in days if value]


def _review(record: Record, one: Review) -> Json | None:
    words = f"Review: {one.outcome}. {one.notes}".strip()
    return note(words, by=staff(record, one.reviewed_by), at=one.reviewed_date)


def _version(record: Record, plan: Plan, one: PlanVersion) -> Document:
    return Document(
        id=one.id,
        kind="plan_version",
        title=f"Version {one.number} of the plan {plan.title}",
        text=json.dumps(one.content, ensure_ascii=False, sort_keys=True),
        at=one.made_at,
        lines=[("Cause", one.cause)],
        author=staff(record, one.made_by),
        related=[reference("CarePlan", plan.id)],
        is_replaced=one.number < plan.version,
        media="application/json",
    )


def _goal(record: Record, one: Goal) -> Json:
    below = [goal.id for goal in record.treatment.goals if goal.parent == one.id]
    told = (one.wording, [("Status", one.status), ("Progress", f"{one.progress} %"), ("By", one.target_date)])
    achieved = "achieved" if one.status == "achieved" else "in-progress" if one.status == "in_progress" else ""
    return resource(
        "Goal",
        one.id,
        record,
        told,
        extension=[_piece(each) for each in below],
        lifecycleStatus=GOAL_STATES.get(one.status, "active"),
        achievementStatus=concept(TERMS + "goal-achievement", achieved) if achieved else None,
        category=[ours("goal-term", one.term)],
        priority=concept(TERMS + "goal-priority", f"{one.priority}-priority") if one.priority else None,
        description={"text": one.wording},
        subject=patient(record),
        startDate=moment(one.set_at.date()),
        target=[{"dueDate": moment(one.target_date)}],
        statusDate=moment(one.closed_date),
        statusReason=one.reason,
        note=_goal_notes(record, one),
        outcomeReference=references("Observation", [rating.id for rating in one.ratings]),
    )


def _piece(below: object) -> Json:
    """A goal below another is a piece of it."""
    kind = concept(TERMS + "goal-relationship-type", "milestone", "Milestone")
    target = {"reference": f"urn:uuid:{below}", "type": "Goal"}
    parts = [{"url": "type", "valueCodeableConcept": kind}, {"url": "target", "valueReference": target}]
    return {"url": MILESTONE, "extension": parts}


def _goal_notes(record: Record, one: Goal) -> list[Json | None]:
    """What FHIR has no element for."""
    successor = next((goal.wording for goal in record.treatment.goals if goal.id == one.replaced_by), None)
    said = [(name.capitalize(), text) for name, text in (one.smart or {}).items()]
    said += [(f"Measured, {name}", value) for name, value in (one.measurement or {}).items()]
    said += [("In the patient's words", one.plain_wording), ("Replaced by", successor)]
    said += [(f"Reached on {each.day}", f"{each.threshold}, {each.kind}") for each in _awards(record, one)]
    return [note(f"{label}: {text}") for label, text in said if text]


def _awards(record: Record, goal: Goal) -> list[Award]:
    return [one for one in record.treatment.awards if one.goal == goal.id]
