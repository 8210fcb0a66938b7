"""Treatment on the timeline: each thing that happened, once, on its day, and for as long as it holds.

Nothing of a plan that was never started: what was written while it was a draft appears when it starts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField, When
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from therapybridge.core.api.moments import moment_of
from therapybridge.core.batches import each_alone, in_turn
from timeline.models import GOAL, MEASURE, MILESTONE, PLAN, REVIEW, TimelineEvent
from timeline.services.derived_events import DerivedEvent, Lost, record_event, withdraw_events
from treatment.measures.choices import FilledBy
from treatment.models import Goal, MeasureResult, PlanMilestone, PlanReview, PlanVersion, TreatmentPlan

AT = "at"
Importance = TimelineEvent.Importance


@dataclass(frozen=True, slots=True)
class Source:
    """Rows whose changes are on the timeline; `of_plan` if therapists are led from there to the plan they belong to."""

    name: str
    event_type: str
    therapist: F | Case
    patient: str = "patient"
    of_plan: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that has happened to `rows`. `day` is a column: a day of the clinic, or AT, a moment that stays."""

    source: Source
    subtype: str
    title: str
    rows: Callable[[], QuerySet[Any]]
    day: str
    importance: str = Importance.NORMAL

    def events(self, patient: User, ids: Iterable[UUID]) -> list[DerivedEvent]:
        """The events of those of the patient's rows to which it has happened."""
        rows = self.rows().filter(**{self.source.patient: patient.pk}, pk__in=ids).order_by("pk")
        columns = {"when": F(self.day), "who": self.source.therapist}
        columns |= {"of": F("plan")} if self.source.of_plan else {}
        return [self._event(patient, row) for row in rows.values("pk", **columns)]

    def _event(self, patient: User, row: dict[str, Any]) -> DerivedEvent:
        day = _day(row["when"], patient)
        return DerivedEvent(
            patient_id=patient.pk,
            therapist_id=row["who"],
            event_date=moment_of(day, patient.clinic_zone),
            event_day=day,
            title=self.title,
            metadata={"plan_id": str(row["of"])} if self.source.of_plan else {},
            related_entity_type=self.source.name,
            related_entity_id=row["pk"],
            event_type=self.source.event_type,
            event_subtype=self.subtype,
            importance=self.importance,
        )

    def recorded(self) -> QuerySet[TimelineEvent]:
        """Its live events."""
        rows = TimelineEvent.objects.live().filter(event_subtype=self.subtype)
        return rows.filter(related_entity_type=self.source.name, event_type=self.source.event_type)


def _day(when: date, patient: User) -> date:
    return timezone.localdate(when, patient.clinic_zone) if isinstance(when, datetime) else when


def _started(plan: str) -> Subquery:
    """When a plan was started: it keeps its first version then."""
    first = PlanVersion.objects.filter(plan=OuterRef(plan), cause=PlanVersion.Cause.STARTED)
    return Subquery(first.order_by("number").values("created_at")[:1])


def _plans() -> Any:
    return TreatmentPlan.objects.annotate(at=_started("pk")).filter(at__isnull=False)


def _goals() -> Any:
    goals = Goal.objects.alias(started=_started("plan")).filter(started__isnull=False)
    return goals.annotate(at=Greatest("created_at", "started"))


def _ended_plans() -> Any:
    return _plans().filter(ended_date__isnull=False)


def _achieved_goals() -> Any:
    return _goals().filter(status=Goal.Status.ACHIEVED)


def _achieved_milestones() -> Any:
    milestones = PlanMilestone.objects.filter(status=PlanMilestone.Status.ACHIEVED)
    return milestones.alias(started=_started("plan")).filter(started__isnull=False)


WHO_ASKED = Case(
    When(filled_by=FilledBy.THERAPIST, then=F("entered_by")),
    default=F("assignment__assigned_by"),
    output_field=UUIDField(),
)
PLANS = Source(PLAN, "treatment_plan", F("therapist"))
REVIEWS = Source(REVIEW, "treatment_plan", F("reviewed_by"), patient="plan__patient", of_plan=True)
GOALS = Source(GOAL, "goal", F("plan__therapist"))
MILESTONES = Source(MILESTONE, "milestone", F("plan__therapist"), of_plan=True)
MEASURES = Source(MEASURE, "assessment", WHO_ASKED)
# In the order in which they come if they happen on one day.
HAPPENINGS = (
    Happening(PLANS, "started", "Treatment plan started", _plans, AT),
    Happening(GOALS, "set", "Goal set", _goals, AT, Importance.LOW),
    Happening(MEASURES, "taken", "Questionnaire filled in", MeasureResult.objects.standing, "taken_date"),
    Happening(
        MILESTONES, "achieved", "Milestone achieved", _achieved_milestones, "achieved_date", Importance.MILESTONE
    ),
    Happening(GOALS, "achieved", "Goal achieved", _achieved_goals, "closed_date", Importance.MILESTONE),
    Happening(REVIEWS, "reviewed", "Treatment plan reviewed", PlanReview.objects.all, "reviewed_date"),
    Happening(PLANS, "ended", "Treatment plan ended", _ended_plans, "ended_date"),
)


def refresh_treatment_events(source: str, patient_id: UUID, ids: Iterable[UUID]) -> None:
    """Bring the events of a patient's rows of one kind up to date."""
    given = list(ids)
    for happening in HAPPENINGS:
        if happening.source.name == source:
            _refresh(happening, patient_id, given)


def _refresh(happening: Happening, patient_id: UUID, ids: Iterable[UUID]) -> None:
    # The last writer must also be the last reader.
    with User(pk=patient_id).locked():
        patient = User.objects.select_related("clinic").get(pk=patient_id)
        events = happening.events(patient, ids)
        for event in events:
            record_event(event)
        for gone in set(ids) - {event.related_entity_id for event in events}:
            withdraw_events(happening.source.name, gone, event_subtype=happening.subtype)


def reconcile_treatment() -> int:
    """Repair the events whose signals were lost in a crash; returns how many needed it.

    RowsFailed, once all others were repaired, if it failed for some.
    """
    return in_turn(*(partial(_reconcile, happening) for happening in HAPPENINGS))


def _reconcile(happening: Happening) -> int:
    due = [Lost(pk, patient_id) for rows in (_unrecorded(happening), _outlived(happening)) for patient_id, pk in rows]
    return each_alone(due, partial(_repair, happening), event="treatment_event_not_repaired")


def _repair(happening: Happening, lost: Lost) -> bool:
    _refresh(happening, lost.patient_id, [lost.pk])
    return True


def _unrecorded(happening: Happening) -> QuerySet[Any, Any]:
    """What has happened, and has no event of its day."""
    events = happening.recorded().filter(related_entity_id=OuterRef("pk"))
    dated = Q() if happening.day == AT else Q(event_day=OuterRef(happening.day))
    return happening.rows().filter(~Exists(events.filter(dated))).values_list(happening.source.patient, "pk")


def _outlived(happening: Happening) -> QuerySet[Any, Any]:
    """Events of what does not hold any more."""
    holds = happening.rows().filter(pk=OuterRef("related_entity_id"))
    return happening.recorded().filter(~Exists(holds)).values_list("patient_id", "related_entity_id")
