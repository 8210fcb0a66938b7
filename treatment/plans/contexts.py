"""Contexts of the pages of treatment plans, for therapists and for patients."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.care.access import RecordAccess
from accounts.consent.services import consent_log
from accounts.consent.services.requests import address_of
from accounts.models import User
from therapybridge.core.pages.lists import Choice, Listing
from treatment.diagnoses.codes import RELEASE, all_codes
from treatment.goals.contexts.plan import OwnGoal, goals_context, goals_for_patient
from treatment.models import Goal, PlanMilestone, PlanVersion, TreatmentPlan
from treatment.plans.choices import MilestoneStatus, PlanStatus, ReviewState
from treatment.plans.forms import ConsentForm, MilestoneForm, Picker, ReasonForm, ReviewForm
from treatment.plans.querysets import PlanQuerySet
from treatment.plans.services.consent_links import open_request
from treatment.plans.services.consents import agreement_of, text_for

MOST_WAITING = 21  # on Today
LATEST = 20  # reviews and versions on the page of a plan
LOOKS = {
    PlanStatus.DRAFT: ("", "text"),
    PlanStatus.ACTIVE: ("ok", "current"),
    PlanStatus.ON_HOLD: ("warn", "pause"),
    PlanStatus.COMPLETED: ("ok", "check"),
    PlanStatus.DISCONTINUED: ("", "close"),
}
AGREEMENT_LOOKS = {"given": ("ok", "check"), "not_asked": ("warn", "consent"), "outdated": ("warn", "consent")}
NEXT_STEPS: dict[str, list[tuple[str, str]]] = {
    MilestoneStatus.PENDING: [("in_progress", "Start"), ("achieved", "Mark achieved"), ("discontinued", "Drop")],
    MilestoneStatus.IN_PROGRESS: [("achieved", "Mark achieved"), ("discontinued", "Drop")],
    MilestoneStatus.ACHIEVED: [("in_progress", "Not achieved yet")],
    MilestoneStatus.DISCONTINUED: [("pending", "Take up again")],
}


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A milestone as its patient reads it."""

    words: str
    is_reached: bool
    day: date | None


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """A plan as its patient reads it: nothing that is only for therapists."""

    pk: UUID
    title: str
    status: str
    frequency: str
    start_date: date
    ended_date: date | None
    next_review_date: date | None
    goals: list[OwnGoal]
    steps: list[OwnStep]


OF_PATIENT = Listing(order=("-id",))
OWN = Listing(order=("-id",), per_page=10)


def _shown(day: date) -> dict[str, Callable[[Any], PlanQuerySet]]:
    return {
        "due": lambda rows: rows.due_for_review(day),
        "overdue": lambda rows: rows.reviewed(ReviewState.OVERDUE, day),
        "active": PlanQuerySet.active,
        "draft": lambda rows: rows.filter(status=PlanStatus.DRAFT),
    }


def all_plans(user: User, query: Mapping[str, str]) -> dict[str, Any]:
    """The plans of a therapist's patients, with chips for what is due on the clinic's day."""
    today = user.clinic_day
    labels = {"": "All", "due": "Review due", "overdue": "Review overdue", "active": "Active", "draft": "Drafts"}
    choice = Choice("show", labels, lambda rows, value: _shown(today)[value](rows))
    rows = TreatmentPlan.objects.visible_to(user).without_texts().select_related("patient")
    page = Listing(order=("-id",), per_page=25, choice=choice).page(rows, query, reverse("plans:all"))
    return page.context() | {"page": _described(page, today)}


def patient_plans(access: RecordAccess, query: Mapping[str, str], path: str) -> dict[str, Any]:
    """A patient's plans, the latest first."""
    rows = TreatmentPlan.objects.filter(patient=access.patient).without_texts()
    page = OF_PATIENT.page(rows, query, path)
    told = {"patient": access.patient, "may_write": access.may_write, "tab": "plan"}
    return told | {"page": _described(page, access.patient.clinic_day)}


def _described(page: Any, today: date) -> Any:
    for plan in page:
        _describe(plan, today)
    return page


def _describe(plan: Any, today: date) -> None:
    plan.look, plan.icon = LOOKS[plan.status]
    plan.review = plan.review_state(today)


def waiting_reviews(user: User, most: int) -> list[dict[str, Any]]:
    """Plans of patients whom the therapist treats whose review is due within a week or overdue, for Today."""
    today = user.clinic_day
    treated = User.objects.patients_treated_by(user).holding()
    due = TreatmentPlan.objects.due_for_review(today).filter(treated, clinic=user.clinic_id)
    rows = due.without_texts().select_related("patient").order_by("next_review_date")[:most]
    return [_waiting(plan, today) for plan in rows]


def _waiting(plan: TreatmentPlan, today: date) -> dict[str, Any]:
    is_overdue = plan.review_state(today) == ReviewState.OVERDUE
    return {
        "row": plan,
        "patient": plan.patient,
        "pill": "Plan review overdue" if is_overdue else "Plan to review",
        "look": "danger" if is_overdue else "warn",
        "due_date": plan.next_review_date,
        "url": f"{plan.get_absolute_url()}#review",
        "action": "Review the plan",
    }


def plan_context(plan: TreatmentPlan, access: RecordAccess, **refused: Any) -> dict[str, Any]:
    """What is treated, whether the review is due, whether the patient agrees; the forms, `refused` ones with errors."""
    _describe(plan, plan.clinic.today)
    agreement, text = agreement_of(plan), text_for(plan)
    look, icon = AGREEMENT_LOOKS.get(agreement.state, ("danger", "alert"))
    return {
        **goals_context(access, plan),
        "plan": plan,
        "patient": plan.patient,
        "tab": "plan",
        "may_write": access.may_write and plan.is_open,
        "codes": described_codes(plan.codes),
        "release": RELEASE,
        "milestones": [_milestone(one) for one in plan.milestones.all()],
        "reviews": plan.reviews.select_related("reviewed_by").order_by("-id")[:LATEST],
        "versions": plan.versions.select_related("made_by").defer("content").order_by("-number")[:LATEST],
        "agreement": agreement,
        "agreement_look": look,
        "agreement_icon": icon,
        "text": text,
        "address": address_of(plan.patient),
        "open_request": open_request(plan),
        "digest": consent_log.digest_of([text]),
        "review_form": ReviewForm(initial={"revision": plan.revision}),
        "reason_form": ReasonForm(initial={"revision": plan.revision}),
        "milestone_form": MilestoneForm(),
        "consent_form": ConsentForm(),
        **refused,
    }


def _milestone(milestone: PlanMilestone) -> dict[str, Any]:
    return {"row": milestone, "steps": NEXT_STEPS[milestone.status]}


def described_codes(codes: list[str]) -> list[dict[str, Any]]:
    """Each code with what the list says about it; None for one that is not on it."""
    return [{"code": code, "listed": all_codes().get(code)} for code in codes]


def edit_context(form: Any, picker: Picker, patient: User, plan: TreatmentPlan | None = None) -> dict[str, Any]:
    """The form of a plan, with its codes and what was found for others."""
    codes = {"picked": described_codes(list(picker.codes)), "picker": picker, "release": RELEASE}
    return {"form": form, "patient": patient, "plan": plan, "tab": "plan"} | codes


def version_context(plan: TreatmentPlan, version: PlanVersion) -> dict[str, Any]:
    """What a plan said then, with dates as dates."""
    said = dict(version.content)
    for name in ("start_date", "target_end_date"):
        said[name] = date.fromisoformat(said[name]) if said.get(name) else None
    codes = described_codes(said.get("codes", []))
    return {"plan": plan, "patient": plan.patient, "tab": "plan", "version": version, "said": said, "codes": codes}


def own_plans(patient: User, query: Mapping[str, str]) -> dict[str, Any]:
    """The plans that were started, in words for their patient: titles, goals and steps, and nothing else."""
    rows = TreatmentPlan.objects.shared_with(patient).without_texts().prefetch_related("milestones")
    page = OWN.page(rows, query, reverse("portal_plans:list"))
    goals = _goals_by_plan(patient, page.rows)
    return {"page": replace(page, rows=[_own(plan, goals[plan.pk], patient.clinic_day) for plan in page])}


def _goals_by_plan(patient: User, plans: list[TreatmentPlan]) -> Mapping[UUID, list[OwnGoal]]:
    """The goals at the top of each plan, with those below them."""
    found: defaultdict[UUID, list[OwnGoal]] = defaultdict(list)
    whose = dict(Goal.objects.filter(plan__in=plans).values_list("pk", "plan"))
    for goal in goals_for_patient(patient, plans):
        found[whose[goal.pk]].append(goal)
    return found


def _own(plan: TreatmentPlan, goals: list[OwnGoal], today: date) -> OwnPlan:
    """Without a review that should have been: that is not for the patient to worry about."""
    due = plan.next_review_date
    steps = [one for one in plan.milestones.all() if one.status != MilestoneStatus.DISCONTINUED]
    return OwnPlan(
        pk=plan.pk,
        title=plan.title,
        status=plan.status,
        frequency=plan.get_session_frequency_display().lower(),
        start_date=plan.start_date,
        ended_date=plan.ended_date,
        next_review_date=due if due and due >= today else None,
        goals=goals,
        steps=[OwnStep(one.description, one.status == MilestoneStatus.ACHIEVED, one.achieved_date) for one in steps],
    )
