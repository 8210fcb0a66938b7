"""The milestones of a plan: added and moved on its page, changed on one of their own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, page
from accounts.models import User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import perform, require_complete, status_of, submit
from treatment.models import PlanMilestone
from treatment.plans import contexts, forms
from treatment.plans.access import open_milestone_to_write, open_plan_to_write
from treatment.plans.audit_actions import (
    MILESTONE_ADDED,
    MILESTONE_CHANGED,
    MILESTONE_ORDERED,
    MILESTONE_READ,
    MILESTONE_REMOVED,
    PLAN_READ,
)
from treatment.plans.services import milestones


@page(MILESTONE_ADDED, User.Role.THERAPIST, methods=POST)
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add one at the end of the plan."""
    plan, access = open_plan_to_write(actor_of(request), pk, MILESTONE_ADDED)
    form = forms.MilestoneForm(request.POST)
    if made := submit(form, milestones.add_milestone, plan, access=access):
        messages.success(request, "The milestone was added.")
        return _back(made.result)
    context = contexts.plan_context(plan, access, milestone_form=form)
    record(PLAN_READ, plan, by=access, ids=context["goal_ids"])
    return render(request, "treatment/plan.html", context, status=status_of(form))


@page(MILESTONE_CHANGED, User.Role.THERAPIST, methods=FORM)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change its words, its date or how far it has come."""
    milestone, access = open_milestone_to_write(actor_of(request), pk, MILESTONE_CHANGED)
    names = ("description", "status", "target_date", "notes", "revision")
    form = forms.ChangeMilestoneForm(request.POST or None, initial={name: getattr(milestone, name) for name in names})
    if submit(form, milestones.change_milestone, milestone, access=access):
        messages.success(request, "The milestone was saved.")
        return _back(milestone)
    if form.is_bound:
        # The next attempt builds on what stands there now, which the errors name.
        form.data = {**request.POST.dict(), "revision": milestone.revision}
    record(MILESTONE_READ, milestone, by=access)
    whose = {"plan": milestone.plan, "patient": milestone.patient, "tab": "plan"}
    context = {"milestone": milestone, "form": form, **whose}
    return render(request, "treatment/milestone.html", context, status=status_of(form))


@page(MILESTONE_CHANGED, User.Role.THERAPIST, methods=POST)
def step(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Start, achieve, drop or take it up again, by a button."""
    milestone, access = open_milestone_to_write(actor_of(request), pk, MILESTONE_CHANGED)
    given = require_complete(forms.MilestoneStepForm(request.POST))
    change = milestones.change_milestone
    perform(request, "The milestone was changed.", change, milestone, access=access, **given)
    return _back(milestone)


@page(MILESTONE_ORDERED, User.Role.THERAPIST, methods=POST)
def shift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move it up or down."""
    milestone, access = open_milestone_to_write(actor_of(request), pk, MILESTONE_ORDERED)
    given = require_complete(forms.ShiftForm(request.POST))
    perform(request, "Moved.", milestones.shift_milestone, milestone, access=access, **given)
    return _back(milestone)


@page(MILESTONE_REMOVED, User.Role.THERAPIST, methods=POST)
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remove it from a draft."""
    milestone, access = open_milestone_to_write(actor_of(request), pk, MILESTONE_REMOVED)
    given = require_complete(forms.StepForm(request.POST))
    removed = milestones.remove_milestone
    perform(request, "The milestone was removed.", removed, milestone, access=access, **given)
    return redirect(milestone.plan.get_absolute_url() + "#milestones")


def _back(milestone: PlanMilestone) -> HttpResponse:
    return redirect(f"{milestone.plan.get_absolute_url()}#milestone-{milestone.pk}")
