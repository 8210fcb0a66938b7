"""Plans, goals, and what is measured."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A diagnosis code (ICD-10-CM) with its words."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review of a plan."""

    id: UUID
    due_date: date
    reviewed_date: date
    reviewed_by: UUID | None
    outcome: str
    notes: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A milestone of a plan, in the plan's order."""

    id: UUID
    position: int
    description: str
    notes: str
    status: str
    target_date: date | None = None
    achieved_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersion:
    """A plan as it was."""

    id: UUID
    number: int
    cause: str
    made_at: datetime
    made_by: UUID | None
    content: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanConsent:
    """The patient's decision about a version of a plan: an entry of the consent log."""

    id: UUID
    version: int
    entry: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A treatment plan."""

    id: UUID
    title: str
    status: str
    version: int
    codes: list[Code]
    diagnosis: str
    problems: str
    start_date: date
    target_end_date: date | None = None
    ended_date: date | None = None
    session_frequency: str = ""
    review_every_days: int
    next_review_date: date | None = None
    reason: str | None = None
    runs_alone: bool = True
    therapist: UUID | None = None
    milestones: list[Milestone] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    versions: list[PlanVersion] = field(default_factory=list)
    consents: list[PlanConsent] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How far a goal was reached on a day."""

    id: UUID
    percent: int
    day: date
    value: str | None = None
    rated_by: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalIntervention:
    """A technique that is used for a goal; `intervention` is that of the library, by its id."""

    id: UUID
    intervention: UUID
    key: str
    name: str
    modality: str
    frequency: str
    effectiveness: int | None = None
    notes: str = ""
    added_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal; `parent` is the one above it in the same plan."""

    id: UUID
    plan: UUID
    parent: UUID | None
    level: int
    position: int
    term: str
    wording: str
    plain_wording: str
    smart: Any
    measurement: Any
    priority: str
    progress: int
    status: str
    target_date: date | None = None
    reason: str | None = None
    replaced_by: UUID | None = None
    closed_date: date | None = None
    set_at: datetime
    ratings: list[Rating] = field(default_factory=list)
    interventions: list[GoalIntervention] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """A milestone of a goal that was reached."""

    id: UUID
    goal: UUID
    kind: str
    threshold: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value of a day."""

    id: UUID
    day: date
    value: Any
    note: str
    check_in: UUID | None = None
    session: UUID | None = None
    entered_by: UUID | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """What is followed for a goal, with its values, the oldest first."""

    id: UUID
    goal: UUID
    kind: str
    rhythm: str
    every_days: int | None
    better: str
    question: str
    unit: str
    lowest: Decimal | None
    highest: Decimal | None
    instrument: str
    asks_patient: bool
    moves_goal: bool
    sends_reminders: bool
    ended_at: datetime | None = None
    entries: list[Entry] = field(default_factory=list)
    withdrawn: list[Entry] = field(default_factory=list)  # entered by mistake: no values


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """What the patient sent on a day."""

    id: UUID
    day: date
    mood: Any
    note: str
    searched_at: datetime | None = None  # for phrases of possible risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A questionnaire that is assigned again and again."""

    id: UUID
    instrument: str
    every_days: int
    next_due_date: date
    set_by: UUID | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A questionnaire that the patient was asked to fill in."""

    id: UUID
    schedule: UUID | None
    instrument: str
    instrument_version: int
    due_date: date
    status: str
    assigned_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A filled-in questionnaire; `outcome` has answers, total, band and subscales."""

    id: UUID
    instrument: str
    instrument_version: int
    name: str
    day: date
    outcome: Any
    filled_by: str
    assignment: UUID | None = None
    session: UUID | None = None
    entered_by: UUID | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None
    withdrawal_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """When the patient wants to be reminded of check-ins."""

    id: UUID
    wants_reminders: bool
    quiet_from: str
    quiet_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Results of one version of a questionnaire over time, and what may be said of them."""

    instrument: str
    version: int
    name: str
    lowest: int
    highest: int
    points: list[tuple[date, int]]
    bands: list[tuple[str, int]]
    trend: str
    change: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """All of a patient's treatment."""

    plans: list[Plan] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    trackers: list[Tracker] = field(default_factory=list)
    check_ins: list[CheckIn] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    withdrawn: list[Result] = field(default_factory=list)  # filled in by mistake: no results
    series: list[Series] = field(default_factory=list)
    reminders: Reminders | None = None
