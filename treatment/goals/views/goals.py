"""Pages on which goals are set, read, changed, moved and rated."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, page
from accounts.care.access import RecordAccess
from accounts.models import User
from audit.audit_actions import Action
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import perform, require_complete, status_of, submit
from treatment.goals import audit_actions as actions
from treatment.goals import forms
from treatment.goals.access import open_goal, open_goal_to_write
from treatment.goals.contexts.goal import goal_context, offered, parents_in, places_for
from treatment.goals.models import Goal
from treatment.goals.services import changes, endings, interventions, progress
from treatment.plans.access import open_plan_to_write

THERAPIST = User.Role.THERAPIST


@page(actions.GOAL_CREATED, THERAPIST, methods=FORM)
def new_goal(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Set a goal; `?parent=` names the goal below which it is offered to stand."""
    plan, access = open_plan_to_write(actor_of(request), plan_id, actions.GOAL_CREATED)
    named = _id(request.GET.get("parent", ""))
    above = Goal.objects.filter(plan=plan, pk=named).first() if named else None
    start = {"parent": above.pk, "term": "objective"} if above else {}
    form = forms.NewGoalForm(request.POST or None, goals=parents_in(plan), initial=start)
    if done := submit(form, changes.create_goal, plan, access=access):
        messages.success(request, "The goal was set.")
        return redirect(done.result)
    record(actions.GOAL_LISTED, plan, by=access)
    context = {"plan": plan, "patient": plan.patient, "form": form, "title": "New goal"}
    return render(request, "treatment/goal_form.html", context, status=status_of(form))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@page(actions.GOAL_READ, THERAPIST)
def goal_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A goal with its ratings, interventions and notes, and the forms that change it."""
    goal, access = open_goal(actor_of(request), pk, actions.GOAL_READ)
    record(actions.GOAL_READ, goal, by=access)
    return goal_page(request, goal, access)


def goal_page(request: HttpRequest, goal: Goal, access: RecordAccess, refused: Form | None = None) -> HttpResponse:
    """Show the goal; `refused` is the one of its forms that has errors."""
    status = status_of(refused) if refused else 200
    return render(request, "treatment/goal.html", goal_context(goal, access, refused), status=status)


@page(actions.GOAL_CHANGED, THERAPIST, methods=FORM)
def edit_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what a goal says."""
    goal, access = open_goal_to_write(actor_of(request), pk, actions.GOAL_CHANGED)
    form = forms.ChangeGoalForm(request.POST or None, goal=goal)
    if submit(form, changes.change_goal, goal, access=access):
        messages.success(request, "The goal was changed.")
        return redirect(goal)
    return _form_page(request, goal, access, form, "Change the goal")


@page(actions.GOAL_REPLACED, THERAPIST, methods=FORM)
def replace_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set another goal in its place, and say why."""
    goal, access = open_goal_to_write(actor_of(request), pk, actions.GOAL_REPLACED)
    form = forms.ReplaceGoalForm(request.POST or None, goal=goal)
    if done := submit(form, endings.replace_goal, goal, access=access):
        messages.success(request, "The goal was replaced.")
        return redirect(done.result)
    return _form_page(request, goal, access, form, "Replace the goal")


def _form_page(
    request: HttpRequest, goal: Goal, access: RecordAccess, form: forms.ChangeGoalForm, title: str
) -> HttpResponse:
    record(actions.GOAL_READ, goal, by=access)
    if form.is_bound:  # the next attempt builds on what stands now
        form.data = {**request.POST.dict(), "revision": goal.revision}
    context = {"goal": goal, "plan": goal.plan, "patient": goal.patient, "form": form, "title": title}
    return render(request, "treatment/goal_form.html", context, status=status_of(form))


def _submit(request: HttpRequest, pk: UUID, action: Action, form: Any, service: Any, *, done: str) -> HttpResponse:
    """Run a service with a form of the goal's page, which shows its errors if it is refused."""
    goal, access = open_goal_to_write(actor_of(request), pk, action)
    sent = form(request.POST, goal=goal)
    if submit(sent, service, goal, access=access):
        messages.success(request, done)
        return redirect(goal)
    record(actions.GOAL_READ, goal, by=access)
    if "revision" in sent.fields:
        sent.data = {**request.POST.dict(), "revision": goal.revision}
    return goal_page(request, goal, access, sent)


@page(actions.GOAL_RATED, THERAPIST, methods=POST)
def rate_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how far it has come."""
    return _submit(request, pk, actions.GOAL_RATED, forms.RateForm, progress.rate_goal, done="The rating was added.")


@page(actions.GOAL_DISCONTINUED, THERAPIST, methods=POST)
def discontinue_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give it up, with every open goal below it."""
    done = "The goal was discontinued."
    return _submit(request, pk, actions.GOAL_DISCONTINUED, forms.DiscontinueForm, endings.discontinue_goal, done=done)


@page(actions.GOAL_REOPENED, THERAPIST, methods=POST)
def reopen_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Work on it again."""
    done = "The goal is open again."
    return _submit(request, pk, actions.GOAL_REOPENED, forms.ReopenForm, endings.reopen_goal, done=done)


def _place_form(data: Any, *, goal: Goal) -> forms.PlaceForm:
    return forms.PlaceForm(data, goal=goal, goals=places_for(goal))


@page(actions.GOAL_MOVED, THERAPIST, methods=POST)
def place_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put it below another goal, or at the top."""
    return _submit(request, pk, actions.GOAL_MOVED, _place_form, changes.place_goal, done="The goal was moved.")


def _perform(request: HttpRequest, pk: UUID, action: Action, form: Any, service: Any, *, done: str) -> Goal:
    """Run the service behind a button that carries the revision."""
    goal, access = open_goal_to_write(actor_of(request), pk, action)
    given = require_complete(form(request.POST, goal=goal))
    perform(request, done, service, goal, access=access, **given)
    return goal


@page(actions.GOAL_MOVED, THERAPIST, methods=POST)
def move_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move it up or down among its siblings."""
    goal = _perform(request, pk, actions.GOAL_MOVED, forms.MoveForm, changes.step_goal, done="The goal was moved.")
    return redirect(f"{goal.plan.get_absolute_url()}#goal-{goal.pk}")


@page(actions.GOAL_STARTED, THERAPIST, methods=POST)
def start_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin to work on it."""
    done = "The goal is in progress."
    return redirect(_perform(request, pk, actions.GOAL_STARTED, forms.StepForm, endings.start_goal, done=done))


@page(actions.GOAL_ACHIEVED, THERAPIST, methods=POST)
def achieve_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tick it off."""
    done = "The goal is marked as achieved."
    return redirect(_perform(request, pk, actions.GOAL_ACHIEVED, forms.StepForm, endings.achieve_goal, done=done))


@page(actions.GOAL_INTERVENTION_ADDED, THERAPIST, methods=POST)
def add_use(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Link an intervention of the library."""

    def form(data: Any, *, goal: Goal) -> forms.NewUseForm:
        return forms.NewUseForm(data, offered=offered(actor_of(request).user))

    action, done = actions.GOAL_INTERVENTION_ADDED, "The intervention was linked."
    return _submit(request, pk, action, form, interventions.add_use, done=done)
