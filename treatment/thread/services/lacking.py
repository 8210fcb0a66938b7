"""Whose plans lack something, asked of the database: to page through those whom a therapist treats."""

from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import User
from sessions_app.models import SessionNote
from therapybridge.core.queries import OneByOne
from treatment.goals.choices import OPEN
from treatment.goals.models import Goal
from treatment.measures.models import MeasureAssignment
from treatment.plans.choices import PlanStatus
from treatment.plans.models import TreatmentPlan
from treatment.thread.models import GoalLink
from treatment.thread.services.gaps import UNSERVED, notes_without_goal, start_of


def patients_with_gaps(user: User, *, with_reviews: bool = True) -> QuerySet[User]:
    """The patients whom the therapist treats for whom `gaps_of` finds anything, reviews or not."""
    plans, day = _of_patient(TreatmentPlan.objects.active()), user.clinic_day
    missing = [_of_patient(MeasureAssignment.objects.overdue(day)), _notes(), _unserved_goals(day)]
    if with_reviews:
        missing.insert(0, plans.filter(next_review_date__lt=day))
    lacks = reduce(or_, map(OneByOne, missing))
    people: QuerySet[User] = User.objects.patients_treated_by(user).filter(OneByOne(plans)).filter(lacks)
    return people


def _of_patient(rows: Any) -> Any:
    return rows.filter(patient=OuterRef("pk")).order_by()


def _unserved_goals(day: date) -> Any:
    """If any is late, so is the topmost late one of its branch, of which `gaps_of` tells."""
    last = day - UNSERVED
    moment = start_of(last)
    goals = Goal.objects.filter(plan__status=PlanStatus.ACTIVE, plan__start_date__lt=last, status__in=OPEN)
    return _of_patient(goals.filter(~Exists(_links(moment)), created_at__lt=moment))


def _links(moment: datetime) -> Any:
    """By which notes of sessions since then serve the goal or one of the two levels below it."""
    links = GoalLink.objects.filter(note__deleted_at=None, note__session__deleted_at=None, patient=OuterRef("patient"))
    served = Q(goal=OuterRef("pk")) | Q(goal__parent=OuterRef("pk")) | Q(goal__parent__parent=OuterRef("pk"))
    return links.filter(served, note__session__session_date__gte=moment).order_by()


def _notes() -> Any:
    """Of sessions since a plan began."""
    begun = TreatmentPlan.objects.active().filter(patient=OuterRef("patient"), start_date__lte=OuterRef("held_on"))
    notes = notes_without_goal(SessionNote.objects.annotate(held_on=TruncDate("session__session_date")))
    return _of_patient(notes.filter(Exists(begun.order_by())))
