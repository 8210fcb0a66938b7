"""Pages of the interventions of goals, and of the library."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, page
from accounts.models import User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import perform, require_complete, status_of, submit
from treatment.goals import audit_actions as actions
from treatment.goals import forms
from treatment.goals.access import open_intervention, open_own_intervention, open_use_to_write
from treatment.goals.contexts.goal import library_context
from treatment.goals.services import interventions, library
from treatment.goals.views.goals import goal_page

THERAPIST = User.Role.THERAPIST


@page(actions.GOAL_INTERVENTION_CHANGED, THERAPIST, methods=POST)
def change_use(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how often an intervention is used for a goal, and how well it works."""
    use, access = open_use_to_write(actor_of(request), pk, actions.GOAL_INTERVENTION_CHANGED)
    form = forms.ChangeUseForm(request.POST, use=use)
    if submit(form, interventions.change_use, use, access=access):
        messages.success(request, "The intervention was changed.")
        return redirect(use.goal)
    record(actions.GOAL_READ, use.goal, by=access)
    use.refresh_from_db(fields=["revision"])
    form.data = {**request.POST.dict(), "revision": use.revision}
    return goal_page(request, use.goal, access, form)


@page(actions.GOAL_INTERVENTION_REMOVED, THERAPIST, methods=POST)
def remove_use(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Unlink an intervention from a goal."""
    use, access = open_use_to_write(actor_of(request), pk, actions.GOAL_INTERVENTION_REMOVED)
    revision = require_complete(forms.StepForm(request.POST, goal=use.goal))["revision"]
    perform(request, "Unlinked.", interventions.remove_use, use, revision=revision, access=access)
    return redirect(use.goal)


@page(actions.INTERVENTION_LISTED, THERAPIST)
def library_list(request: HttpRequest) -> HttpResponse:
    """The library by name, with search and chips."""
    by = actor_of(request)
    context = library_context(by.user, request.GET)
    record(actions.INTERVENTION_LISTED, by=by, ids=[row.pk for row in context["page"]])
    return render(request, "treatment/interventions.html", context)


@page(actions.INTERVENTION_CREATED, THERAPIST, methods=FORM)
def new_intervention(request: HttpRequest) -> HttpResponse:
    """Add an entry of the practice."""
    by = actor_of(request)
    form = forms.InterventionForm(request.POST or None)
    if submit(form, library.create_intervention, by=by):
        messages.success(request, "The intervention was added.")
        return redirect("interventions:list")
    return render(request, "treatment/intervention.html", {"form": form}, status=status_of(form))


@page(actions.INTERVENTION_CHANGED, THERAPIST, methods=FORM)
def intervention_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An entry; those of the practice can be changed."""
    by = actor_of(request)
    if request.method == "POST":
        return _change(request, pk)
    entry = open_intervention(by, pk, actions.INTERVENTION_READ)
    record(actions.INTERVENTION_READ, entry, by=by)
    form = None if entry.is_system or entry.retired_at else forms.ChangeInterventionForm(entry=entry)
    return render(request, "treatment/intervention.html", {"entry": entry, "form": form})


def _change(request: HttpRequest, pk: UUID) -> HttpResponse:
    by = actor_of(request)
    entry = open_own_intervention(by, pk, actions.INTERVENTION_CHANGED)
    form = forms.ChangeInterventionForm(request.POST, entry=entry)
    if submit(form, library.change_intervention, entry, by=by):
        messages.success(request, "The intervention was changed.")
        return redirect("interventions:list")
    record(actions.INTERVENTION_READ, entry, by=by)
    entry.refresh_from_db()
    form.data = {**request.POST.dict(), "revision": entry.revision}
    return render(request, "treatment/intervention.html", {"entry": entry, "form": form}, status=status_of(form))


@page(actions.INTERVENTION_RETIRED, THERAPIST, methods=POST)
def retire_intervention(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer an entry of the practice no longer."""
    by = actor_of(request)
    entry = open_own_intervention(by, pk, actions.INTERVENTION_RETIRED)
    perform(request, "It is offered no longer; goals that have it keep it.", library.retire_intervention, entry, by=by)
    return redirect("interventions:list")
