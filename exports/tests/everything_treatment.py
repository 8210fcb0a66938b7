"""Plans, goals and what is measured, of patients with everything."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from accounts.models import ConsentEntry
from sessions_app.models import TherapySession
from treatment.instruments import INSTRUMENTS
from treatment.measures.services.results import outcome_of
from treatment.measures.tests.factories import all_answered
from treatment.models import (
    Award,
    CheckIn,
    Goal,
    GoalIntervention,
    GoalRating,
    Intervention,
    MeasureAssignment,
    MeasureResult,
    MeasureSchedule,
    PlanConsent,
    PlanMilestone,
    PlanReview,
    PlanVersion,
    ReminderPreference,
    Tracker,
    TrackingEntry,
    TreatmentPlan,
)

if TYPE_CHECKING:
    from exports.tests.everything import Scene

TERMS = ("long_term", "short_term", "objective")


def add_treatment(scene: Scene, sessions: list[TherapySession]) -> TreatmentPlan:
    """A plan that runs, a draft, and one that ended; questionnaires. Returns the one that runs."""
    _plan(scene, status="draft", version=0)
    ended = scene.moment().date() + timedelta(days=200)
    _filled(scene, _plan(scene, status="discontinued", reason=scene.text("ended"), ended_date=ended), sessions)
    running = _plan(scene, status="active", next_review_date=ended)
    _filled(scene, running, sessions)
    _measures(scene, sessions)
    ReminderPreference.objects.create(
        patient=scene.patient, wants_reminders=scene.chance(), quiet_from=time(21), quiet_until=time(7, 30)
    )
    return running


def _plan(scene: Scene, **fields: Any) -> TreatmentPlan:
    word = "draft plan" if fields["status"] == "draft" else "plan"
    plan: TreatmentPlan = TreatmentPlan.objects.create(
        patient=scene.patient,
        clinic=scene.clinic,
        therapist=scene.therapist,
        title=scene.text(word),
        codes=["F41.1", "Z99.9"],
        diagnosis=scene.text("plan diagnosis"),
        problems=scene.text("problems"),
        start_date=scene.moment().date(),
        session_frequency=scene.random.choice(["weekly", "monthly"]),
        runs_alone=False,
        **{"version": 1} | fields,
    )
    return plan


def _filled(scene: Scene, plan: TreatmentPlan, sessions: list[TherapySession]) -> None:
    day = plan.start_date
    said = {"title": scene.text("version"), "goals": [], "milestones": []}
    PlanVersion.objects.create(plan=plan, number=1, cause="started", content=said, made_by=scene.therapist)
    entry = ConsentEntry.objects.create(
        patient=scene.patient, consent_type="treatment_plan", status="granted", method="written"
    )
    PlanConsent.objects.create(plan=plan, version=1, entry=entry)
    PlanReview.objects.create(
        plan=plan,
        due_date=day,
        reviewed_date=day + timedelta(days=9),
        reviewed_by=scene.therapist,
        outcome="continued",
        notes=scene.text("review"),
        version=1,
    )
    for position, status in enumerate(("achieved", "pending", "discontinued"), start=1):
        PlanMilestone.objects.create(
            plan=plan,
            patient=scene.patient,
            position=position,
            description=scene.text("dropped step" if status == "discontinued" else "step"),
            notes=scene.text("step notes"),
            status=status,
            achieved_date=day + timedelta(days=5) if status == "achieved" else None,
            target_date=day,
        )
    _goals(scene, plan, sessions)


def _goals(scene: Scene, plan: TreatmentPlan, sessions: list[TherapySession]) -> None:
    top = _goal(scene, plan, None)
    middle = _goal(scene, plan, top)
    leaf = _goal(scene, plan, middle, status="achieved", progress=100, closed_date=plan.start_date)
    gone = {"status": "modified", "reason": scene.text("replaced"), "closed_date": plan.start_date}
    _goal(scene, plan, top, word="dropped goal", replaced_by=leaf, **gone)
    for goal in (middle, leaf):
        GoalRating.objects.create(
            goal=goal,
            percent=40,
            value="4.5" if scene.chance() else None,
            rated_date=plan.start_date,
            rated_by=scene.therapist,
            note=scene.text("rating"),
        )
    _interventions(scene, leaf)
    _tracking(scene, leaf, sessions)
    Award.objects.create(goal=leaf, patient=scene.patient, kind="progress", threshold=50, awarded_date=plan.start_date)


def _goal(scene: Scene, plan: TreatmentPlan, parent: Goal | None, word: str = "goal", **fields: Any) -> Goal:
    level = parent.level + 1 if parent else 1
    given = {"status": "in_progress", "progress": 30} | fields
    goal: Goal = Goal.objects.create(
        plan=plan,
        patient=scene.patient,
        parent=parent,
        level=level,
        position=Goal.objects.filter(plan=plan, parent=parent).count() + 1,
        term=TERMS[level - 1],
        wording=scene.text(word),
        plain_wording=scene.text(f"plain {word}") if scene.chance() else "",
        smart={"specific": scene.text("specific")},
        measurement={"unit": "attacks", "baseline": "7", "current": "4", "target": "1"} if level == 3 else None,
        target_date=plan.start_date,
        **given,
    )
    return goal


def _interventions(scene: Scene, goal: Goal) -> None:
    own, _ = Intervention.objects.get_or_create(clinic=scene.clinic, name="Bus rides together", modality="CBT")
    library = Intervention.objects.exclude(key="").order_by("key").first()
    for entry in filter(None, (own, library)):
        GoalIntervention.objects.create(
            goal=goal,
            patient=scene.patient,
            intervention=entry,
            frequency=scene.text("frequency"),
            effectiveness=scene.random.choice([None, 1, 5]),
            notes=scene.text("intervention notes"),
            added_by=scene.therapist,
        )


def _tracking(scene: Scene, goal: Goal, sessions: list[TherapySession]) -> None:
    scale = {"kind": "scale", "lowest": 0, "highest": 10, "rhythm": "custom", "every_days": 3, "moves_goal": True}
    tracker = Tracker.objects.create(
        goal=goal, patient=scene.patient, question=scene.text("question"), unit=scene.text("unit"), **scale
    )
    Tracker.objects.create(
        goal=goal, patient=scene.patient, kind="measure", instrument="phq-9", ended_at=scene.moment(), question=""
    )
    check_in = CheckIn.objects.create(
        patient=scene.patient,
        day=goal.plan.start_date,
        sent_key=f"key-{goal.pk}",
        mood=6,
        note=scene.text("check-in note"),
        searched_at=scene.moment(),
    )
    withdrawn: dict[str, Any] = {"withdrawn_at": scene.moment()}
    for at, more in enumerate(({"check_in": check_in}, {"session": sessions[0]}, withdrawn)):
        TrackingEntry.objects.create(
            tracker=tracker,
            patient=scene.patient,
            day=goal.plan.start_date + timedelta(days=at),
            value=scene.random.choice([3, 4.5]),
            note=scene.text("entry note"),
            entered_by=None if at == 0 else scene.therapist,
            **more,
        )


def _measures(scene: Scene, sessions: list[TherapySession]) -> None:
    day = scene.moment().date()
    schedule = MeasureSchedule.objects.create(
        patient=scene.patient, instrument="phq-9", every_days=14, next_due_date=day, set_by=scene.therapist
    )
    assigned = {"patient": scene.patient, "instrument": "phq-9", "assigned_by": scene.therapist}
    filled, open_, cancelled = (
        MeasureAssignment.objects.create(
            schedule=schedule, due_date=day + timedelta(days=14 * at), status=status, instrument_version=1, **assigned
        )
        for at, status in enumerate(("completed", "open", "cancelled"))
    )
    assert open_
    assert cancelled
    for at in range(6):
        of = {"assignment": filled, "filled_by": "patient"} if at == 0 else {"filled_by": "therapist"}
        _result(scene, day + timedelta(days=14 * at), at % 4, session=sessions[0] if at else None, **of)
    gone = {"withdrawn_at": scene.moment(), "withdrawn_by": scene.therapist, "filled_by": "therapist"}
    _result(scene, day, 3, withdrawal_reason=scene.text("withdrawn"), **gone)


def _result(scene: Scene, day: Any, value: int, **more: Any) -> MeasureResult:
    instrument = INSTRUMENTS["phq-9"]
    result: MeasureResult = MeasureResult.objects.create(
        patient=scene.patient,
        instrument=instrument.key,
        instrument_version=instrument.version,
        taken_date=day,
        outcome=outcome_of(instrument, all_answered("phq-9", value, item_9=0), None),
        entered_by=scene.therapist,
        **more,
    )
    return result
