"""Treatment plans with their goals."""

from collections.abc import Container

from accounts.consent.choices import ConsentStatus
from exports.builders.outline.blocks import NOTHING, Block, Fact, Facts, Paragraph, Section, table_of
from exports.builders.outline.words import by, day, filled, label_of, many, moment, number
from exports.records.record import Record
from exports.records.treatment import Award, Goal, Plan
from treatment.goals.choices import GoalStatus, GoalTerm, Priority
from treatment.plans.choices import Frequency, MilestoneStatus, PlanStatus, PlanVersionCause, ReviewOutcome
from treatment.tracking.choices import AwardKind


def plan_sections(record: Record, *, in_full: bool) -> list[Section]:
    """The plans; `in_full` with everything that is kept about them."""
    return [_plan(record, plan, in_full=in_full) for plan in record.treatment.plans]


def goals_of(record: Record, plan: Plan) -> list[Goal]:
    """A plan's goals, each followed by those below it."""
    goals = [goal for goal in record.treatment.goals if goal.plan == plan.id]
    known = {goal.id for goal in goals}

    def below(parent: object) -> list[Goal]:
        here = sorted((goal for goal in goals if _parent(goal, known) == parent), key=lambda goal: goal.position)
        return [one for goal in here for one in (goal, *below(goal.id))]

    return below(None)


def _parent(goal: Goal, known: Container[object]) -> object:
    return goal.parent if goal.parent in known else None


def brief_goals(record: Record) -> list[Block]:
    """All goals in one table."""
    rows = [
        [
            "\n".join([_wording(goal), *_by_name(goal)]),
            label_of(GoalStatus, goal.status),
            f"{goal.progress}%",
            day(goal.target_date),
        ]
        for plan in record.treatment.plans
        for goal in goals_of(record, plan)
    ]
    if not rows:
        return [Paragraph("No goal was set.", "empty")]
    return [table_of("", ["Goal", "Status", "Progress", "Until"], rows, [52, 18, 12, 18], frozenset({2}))]


def _by_name(goal: Goal) -> list[str]:
    names = [one.name for one in goal.interventions]
    return [f"Interventions: {', '.join(names)}"] if names else []


def _wording(goal: Goal) -> str:
    return f"{label_of(GoalTerm, goal.term)}: {goal.wording}"


def plan_facts(record: Record, plan: Plan) -> list[Fact]:
    """What is known of a plan."""
    status = f"{label_of(PlanStatus, plan.status)}, since {day(plan.start_date)}"
    ended = f", ended {day(plan.ended_date)}" if plan.ended_date else ""
    return filled(
        [
            ("Status", f"{status}{ended}"),
            ("Reason", plan.reason),
            ("Therapist", record.name_of(plan.therapist)),
            ("Diagnosis codes", "\n".join(f"{one.code} {one.title}" for one in plan.codes)),
            ("Diagnosis", plan.diagnosis),
            ("Problems", plan.problems),
            ("Session frequency", label_of(Frequency, plan.session_frequency) if plan.session_frequency else ""),
            ("Planned until", day(plan.target_end_date) if plan.target_end_date else ""),
            ("Review", f"Every {many(plan.review_every_days, 'day')}"),
            ("Next review", day(plan.next_review_date) if plan.next_review_date else ""),
        ]
    )


def _plan(record: Record, plan: Plan, *, in_full: bool) -> Section:
    goals = [_goal(record, goal, in_full=in_full) for goal in goals_of(record, plan)]
    blocks: list[Block] = [Facts(plan_facts(record, plan))]
    if not goals:
        blocks.append(Paragraph("No goal was set.", "empty"))
    rest = [*_milestones(plan), *_reviews(record, plan), *(_kept(record, plan) if in_full else [])]
    return Section(plan.title, blocks, [*goals, *rest], f"plan-{plan.id}")


def _goal(record: Record, goal: Goal, *, in_full: bool) -> Section:
    rows = filled(
        [
            ("Status", f"{label_of(GoalStatus, goal.status)}, {goal.progress}%"),
            ("Reason", goal.reason),
            ("In plain words", goal.plain_wording),
            ("Priority", label_of(Priority, goal.priority)),
            ("Until", day(goal.target_date) if goal.target_date else ""),
            ("Closed", day(goal.closed_date) if goal.closed_date else ""),
            ("Measured by", _measurement(goal)),
            *([(name.capitalize(), text) for name, text in (goal.smart or {}).items()] if in_full else []),
        ]
    )
    awards = [one for one in record.treatment.awards if one.goal == goal.id] if in_full else []
    facts = [*rows, *([("Reached", "\n".join(_award(one) for one in awards))] if awards else [])]
    return Section(_wording(goal), [Facts(facts), *_ratings(record, goal, in_full=in_full), *_interventions(goal)])


def _award(one: Award) -> str:
    unit = "%" if one.kind == AwardKind.PROGRESS else ""
    return f"{label_of(AwardKind, one.kind)}: {one.threshold}{unit}, {day(one.day)}"


def _measurement(goal: Goal) -> str:
    held = goal.measurement or {}
    parts = [f"{name} {held[name]}" for name in ("baseline", "current", "target") if held.get(name) not in {None, ""}]
    unit = held.get("unit") or "Number"
    return f"{unit}: {', '.join(parts)}" if parts else ""


def _ratings(record: Record, goal: Goal, *, in_full: bool) -> list[Block]:
    """All of them; in a report the first and the last of its period."""
    if not goal.ratings:
        return []
    rows = [
        [day(one.day), f"{one.percent}%", number(one.value), record.name_of(one.rated_by) or NOTHING, one.note]
        for one in goal.ratings
    ]
    head = ["Day", "Progress", "Value", "Rated by", "Note"]
    ends = "First and last rating" if len(rows) > 1 else "Rating"
    caption = "Ratings" if in_full else f"{ends} in this period"
    return [table_of(caption, head, rows, [18, 12, 12, 22, 36], frozenset({1, 2}))]


def _interventions(goal: Goal) -> list[Block]:
    if not goal.interventions:
        return []
    rows = [
        [
            one.name,
            one.frequency or NOTHING,
            f"{one.effectiveness} of 5" if one.effectiveness else NOTHING,
            one.notes,
        ]
        for one in goal.interventions
    ]
    head = ["Intervention", "How often", "Effectiveness", "Notes"]
    return [table_of("Interventions", head, rows, [28, 20, 18, 34])]


def _milestones(plan: Plan) -> list[Section]:
    if not plan.milestones:
        return []
    rows = [
        [
            "\n".join(filter(None, (one.description, one.notes))),
            label_of(MilestoneStatus, one.status),
            day(one.target_date),
            day(one.achieved_date),
        ]
        for one in plan.milestones
    ]
    head = ["Milestone", "Status", "Planned for", "Achieved"]
    return [Section("Milestones", [table_of("", head, rows, [46, 18, 18, 18])])]


def _reviews(record: Record, plan: Plan) -> list[Section]:
    if not plan.reviews:
        return []
    rows = [
        [
            day(one.reviewed_date),
            "\n".join(filter(None, (label_of(ReviewOutcome, one.outcome), record.name_of(one.reviewed_by)))),
            one.notes,
        ]
        for one in plan.reviews
    ]
    return [Section("Reviews", [table_of("", ["Day", "Outcome and reviewer", "Notes"], rows, [18, 32, 50])])]


def _kept(record: Record, plan: Plan) -> list[Section]:
    consents = {one.version: one.entry for one in plan.consents}
    entries = {one.id: one for one in record.consents}
    rows = []
    for version in plan.versions:
        entry = entries.get(consents.get(version.number))  # type: ignore[arg-type]  # None is no key
        agreed = f"{label_of(ConsentStatus, entry.status)}, {moment(entry.signed_at)}" if entry else NOTHING
        cause = label_of(PlanVersionCause, version.cause)
        rows.append([str(version.number), f"{cause}, {moment(version.made_at)}{by(record, version.made_by)}", agreed])
    if not rows:
        return []
    head = ["Version", "Why and when", "The patient's decision"]
    return [Section("Versions", [table_of("", head, rows, [12, 52, 36])])]
