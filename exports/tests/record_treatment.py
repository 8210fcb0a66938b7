"""The treatment of a record by hand: plans, a tree of three levels, what is tracked, and questionnaires."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from exports.records.treatment import (
    Assignment,
    Award,
    CheckIn,
    Code,
    Entry,
    Goal,
    GoalIntervention,
    Milestone,
    Plan,
    PlanConsent,
    PlanVersion,
    Rating,
    Reminders,
    Result,
    Review,
    Schedule,
    Series,
    Tracker,
    Treatment,
)

BANDS = [("Minimal", 0), ("Mild", 5), ("Moderate", 10), ("Moderately severe", 15), ("Severe", 20)]
TERMS = ("long_term", "short_term", "objective")


@dataclass(frozen=True)
class _Maker:
    an_id: Callable[..., UUID]
    day: date
    therapist: UUID

    def plan(self, number: int) -> Plan:
        start = self.day - timedelta(days=120)
        return Plan(
            id=self.an_id("plan", number),
            title="Fewer anxious days",
            status="on_hold" if number else "active",
            version=1,
            codes=[Code(code="F41.1", title="Generalized anxiety disorder")],
            diagnosis="Anxious most days since 2024.",
            problems="Sleep, work",
            start_date=start,
            target_end_date=self.day + timedelta(days=90),
            session_frequency="weekly",
            review_every_days=90,
            next_review_date=None if number else self.day + timedelta(days=30),
            reason="On leave" if number else None,
            therapist=self.therapist,
            milestones=[self.milestone(number, position) for position in (1, 2)],
            reviews=[self.review(number)],
            versions=[self.version(number)],
            consents=[PlanConsent(id=self.an_id("plan consent", number), version=1, entry=self.an_id("consent"))],
        )

    def milestone(self, plan: int, position: int) -> Milestone:
        is_achieved = position == 1
        return Milestone(
            id=self.an_id("milestone", plan, position),
            position=position,
            description=f"Step {position}: goes to work by train",
            notes="With a friend at first.",
            status="achieved" if is_achieved else "pending",
            target_date=self.day,
            achieved_date=self.day - timedelta(days=3) if is_achieved else None,
        )

    def review(self, plan: int) -> Review:
        return Review(
            id=self.an_id("review", plan),
            due_date=self.day - timedelta(days=30),
            reviewed_date=self.day - timedelta(days=28),
            reviewed_by=self.therapist,
            outcome="continued",
            notes="Goes on as agreed.",
            version=1,
        )

    def version(self, plan: int) -> PlanVersion:
        return PlanVersion(
            id=self.an_id("plan version", plan),
            number=1,
            cause="started",
            made_at=self.moment(120),
            made_by=self.therapist,
            content={"title": "Fewer anxious days", "goals": []},
        )

    def goals(self, plan: int) -> list[Goal]:
        return [self.goal(plan, level) for level in (1, 2, 3)]

    def goal(self, plan: int, level: int) -> Goal:
        """Each below the one before it."""
        is_leaf = level == 3
        return Goal(
            id=self.an_id("goal", plan, level),
            plan=self.an_id("plan", plan),
            parent=self.an_id("goal", plan, level - 1) if level > 1 else None,
            level=level,
            position=1,
            term=TERMS[level - 1],
            wording=f"Fewer than two panic attacks a week ({level})",
            plain_wording="Feel safe on the train",
            smart={"specific": "Trains", "measurable": "Attacks a week"},
            measurement={"unit": "attacks", "baseline": "7", "current": "4", "target": "1"} if is_leaf else None,
            priority="high",
            progress=50,
            status="in_progress",
            target_date=self.day + timedelta(days=60),
            set_at=self.moment(110),
            ratings=[self.rating(plan, level)],
            interventions=[self.intervention(plan, level)] if is_leaf else [],
        )

    def rating(self, plan: int, level: int) -> Rating:
        return Rating(
            id=self.an_id("rating", plan, level),
            percent=50,
            day=self.day - timedelta(days=10),
            value="4",
            rated_by=self.therapist,
            note="By the diary.",
        )

    def intervention(self, plan: int, level: int) -> GoalIntervention:
        return GoalIntervention(
            id=self.an_id("goal intervention", plan, level),
            intervention=self.an_id("intervention"),
            key="exposure",
            name="Graded exposure",
            modality="CBT",
            frequency="Twice a week",
            effectiveness=4,
            notes="Trains first.",
            added_by=self.therapist,
        )

    def tracker(self, plan: int, points: int) -> Tracker:
        return Tracker(
            id=self.an_id("tracker", plan),
            goal=self.an_id("goal", plan, 3),
            kind="scale",
            rhythm="daily",
            every_days=None,
            better="lower",
            question="How tense were you today?",
            unit="points",
            lowest=Decimal("0"),
            highest=Decimal("10"),
            instrument="",
            asks_patient=True,
            moves_goal=True,
            sends_reminders=True,
            entries=[self.entry(plan, number, points) for number in range(points)],
        )

    def entry(self, plan: int, number: int, points: int) -> Entry:
        is_sent = number == points - 1
        return Entry(
            id=self.an_id("entry", plan, number),
            day=self.day - timedelta(days=points - number),
            value=(number * 7) % 11,
            note="A bad day at work." if number % 4 == 0 else "",
            check_in=self.an_id("check-in") if is_sent else None,
            entered_by=None if is_sent else self.therapist,
        )

    def assignment(self, number: int) -> Assignment:
        return Assignment(
            id=self.an_id("assignment", number),
            schedule=self.an_id("schedule"),
            instrument="phq-9",
            instrument_version=1,
            due_date=self.day - timedelta(days=14 * number),
            status="completed" if number else "open",
            assigned_by=self.therapist,
        )

    def result(self, number: int, points: int) -> Result:
        total = self.total(number)
        answers = {str(item): (total // 9 + (item <= total % 9)) for item in range(1, 10)}
        band = [name for name, lowest in BANDS if lowest <= total][-1]
        outcome: dict[str, Any] = {"answers": answers, "total": total, "band": band}
        return Result(
            id=self.an_id("result", number),
            instrument="phq-9",
            instrument_version=1,
            name="PHQ-9",
            day=self.result_day(number, points),
            outcome={**outcome, "subscales": {}, "endorsed": [], "prorated": False},
            filled_by="patient",
            assignment=self.an_id("assignment", 1) if number == points - 1 else None,
        )

    def series(self, points: int) -> Series:
        return Series(
            instrument="phq-9",
            version=1,
            name="PHQ-9",
            lowest=0,
            highest=27,
            points=[(self.result_day(number, points), self.total(number)) for number in range(points)],
            bands=BANDS,
            trend="getting better",
            change="A reliable change for the better",
        )

    def result_day(self, number: int, points: int) -> date:
        return self.day - timedelta(days=14 * (points - number))

    @staticmethod
    def total(number: int) -> int:
        return max(21 - number, 2)

    def moment(self, days_ago: int) -> datetime:
        return datetime.combine(self.day - timedelta(days=days_ago), time(12), UTC)


def treatment_of(
    an_id: Callable[..., UUID], day: date, *, therapist: UUID, points: int = 12, plans: int = 1
) -> Treatment:
    """At least one of every part; the series has so many `points`."""
    make = _Maker(an_id, day, therapist)
    first_day = day - timedelta(days=1)
    award = Award(id=an_id("award"), goal=an_id("goal", 0, 3), kind="progress", threshold=50, day=first_day)
    schedule = Schedule(id=an_id("schedule"), instrument="phq-9", every_days=14, next_due_date=day, set_by=therapist)
    return Treatment(
        plans=[make.plan(number) for number in range(plans)],
        goals=[goal for number in range(plans) for goal in make.goals(number)],
        trackers=[make.tracker(number, points) for number in range(plans)],
        check_ins=[CheckIn(id=an_id("check-in"), day=first_day, mood=6, note="A quiet day.")],
        awards=[award],
        schedules=[schedule],
        assignments=[make.assignment(number) for number in (1, 0)],
        results=[make.result(number, points) for number in range(points)],
        series=[make.series(points)] if points else [],
        reminders=Reminders(id=an_id("reminders"), wants_reminders=True, quiet_from="20:00:00", quiet_until="08:00:00"),
    )
