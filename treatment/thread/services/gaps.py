"""Where the thread from plan to goals, notes and questionnaires is broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from sessions_app.models import SessionNote
from sessions_app.notes.querysets import NoteQuerySet
from treatment.goals.models import Goal
from treatment.measures.models import MeasureAssignment
from treatment.plans.models import TreatmentPlan
from treatment.thread.choices import GapKind
from treatment.thread.models import GoalLink

UNSERVED = timedelta(days=30)
MOST = 200  # gaps of one kind that are looked for
TEXTS = ("title", "codes", "diagnosis", "problems", "reason")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing; `row` is the goal, note, plan or assignment, `since` the day from which it is."""

    kind: GapKind
    patient: User
    row: Any
    since: date

    @property
    def id(self) -> UUID:
        """The row's."""
        found: UUID = self.row.pk
        return found


def gaps_of(people: Iterable[User]) -> list[Gap]:
    """What is missing in the active plans of these patients; the oldest first."""
    plans = TreatmentPlan.objects.active().filter(patient__in=[person.pk for person in people])
    return gaps_in(plans.select_related("patient__clinic").defer(*TEXTS))


def gaps_in(plans: Iterable[TreatmentPlan], goals: Iterable[Goal] | None = None) -> list[Gap]:
    """What is missing in those that are active and for their patients, in a constant number of queries; the oldest
    first. `goals` are all of these plans, if the caller has them.
    """
    active = {plan.pk: plan for plan in plans if plan.status == TreatmentPlan.Status.ACTIVE}
    people = {plan.patient_id: plan.patient for plan in active.values()}
    if goals is None:
        goals = Goal.objects.filter(plan__in=active).only("plan", "parent", "level", "status", "created_at")
    found = [
        *_reviews(active.values()),
        *(_goals(active, goals) if active else ()),
        *_notes(active.values(), people),
        *_measures(people),
    ]
    return sorted(found, key=lambda gap: (gap.since, str(gap.id)))


def _reviews(plans: Iterable[TreatmentPlan]) -> Iterator[Gap]:
    for plan in plans:
        due = plan.next_review_date
        if due is not None and due < plan.patient.clinic_day:
            yield Gap(GapKind.REVIEW, plan.patient, plan, due)


def _goals(plans: dict[UUID, TreatmentPlan], found: Iterable[Goal]) -> Iterator[Gap]:
    """Open goals that no note has served for thirty days, nor any goal below them; of a whole branch, only its top."""
    goals = {goal.pk: goal for goal in found}
    served = _served(goals.values(), _served_at(plans))
    last = {
        pk: max(timezone.localdate(goal.created_at), plans[goal.plan_id].start_date, served.get(pk, date.min))
        for pk, goal in goals.items()
    }
    late = {
        goal.pk
        for goal in goals.values()
        if goal.is_open and last[goal.pk] + UNSERVED < plans[goal.plan_id].patient.clinic_day
    }
    for goal in _worded([goals[pk] for pk in late if goals[pk].parent_id not in late]):
        yield Gap(GapKind.GOAL, plans[goal.plan_id].patient, goal, last[goal.pk] + UNSERVED)


def _worded(goals: list[Goal]) -> list[Goal]:
    """The goals with their wording: to decrypt those of all others would be most of the work."""
    if not any(goal.get_deferred_fields() & {"wording"} for goal in goals):
        return goals
    rows = Goal.objects.filter(pk__in=[goal.pk for goal in goals])
    return list(rows.defer("plain_wording", "smart", "measurement", "reason"))


def _served_at(plans: Iterable[UUID]) -> dict[UUID, datetime]:
    """When the latest session was whose note serves the goal, of those that any serves."""
    links = GoalLink.objects.filter(goal__plan__in=plans, note__deleted_at=None, note__session__deleted_at=None)
    return dict(links.order_by().values_list("goal").annotate(Max("note__session__session_date")))


def _served(goals: Iterable[Goal], served_at: dict[UUID, datetime]) -> dict[UUID, date]:
    """The day of the latest session whose note serves the goal or one below it."""
    served: dict[UUID, date] = {}
    for goal in sorted(goals, key=lambda one: -one.level):
        own = [timezone.localdate(served_at[goal.pk])] if goal.pk in served_at else []
        latest = max([*own, *([served[goal.pk]] if goal.pk in served else [])], default=None)
        if latest is not None:
            for pk in filter(None, (goal.pk, goal.parent_id)):
                served[pk] = max(latest, served.get(pk, latest))
    return served


def start_of(day: date) -> datetime:
    """When the day begins, in the reader's zone."""
    return timezone.make_aware(datetime.combine(day, time()))


def notes_without_goal(notes: NoteQuerySet) -> NoteQuerySet:
    """Those of these notes that are signed, serve no goal and do not say why."""
    return notes.signed().unarchived().filter(session__deleted_at=None, goal_links=None, without_goal=None)


def _notes(plans: Iterable[TreatmentPlan], people: dict[UUID, User]) -> Iterator[Gap]:
    """Signed notes of sessions since the plan began that serve no goal and do not say why."""
    begun: dict[UUID, date] = {}
    for plan in plans:
        begun[plan.patient_id] = min(plan.start_date, begun.get(plan.patient_id, plan.start_date))
    notes = notes_without_goal(SessionNote.objects.filter(patient__in=people))
    if begun:
        notes = notes.filter(session__session_date__gte=start_of(min(begun.values())))
    for note in notes.select_related("session").defer("content").order_by("-id")[:MOST]:
        day = timezone.localdate(note.session.session_date)
        if day >= begun[note.patient_id]:
            yield Gap(GapKind.NOTE, people[note.patient_id], note, day)


def _measures(people: dict[UUID, User]) -> Iterator[Gap]:
    if not people:
        return
    latest = max(person.clinic_day for person in people.values())
    rows = MeasureAssignment.objects.filter(patient__in=people).overdue(latest)
    for assignment in rows.order_by("due_date", "id")[:MOST]:
        if assignment.is_overdue(people[assignment.patient_id].clinic_day):
            yield Gap(GapKind.MEASURE, people[assignment.patient_id], assignment, assignment.due_date)
