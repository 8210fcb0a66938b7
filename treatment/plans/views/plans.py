"""Pages of treatment plans: therapists write them, patients read what they work on."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, page
from accounts.care.access import RecordAccess, open_own_record, open_record, open_record_to_write
from accounts.consent.audit_actions import CONSENT_REQUEST_SENT
from accounts.consent.contexts import link_context
from accounts.models import User
from audit.audit_actions import Action
from audit.log import deny, record, record_rows
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import Conflict, NotFound
from therapybridge.core.pages.forms import perform, require_complete, status_of, submit
from treatment.models import TreatmentPlan
from treatment.plans import contexts, forms
from treatment.plans.access import open_plan, open_plan_to_write
from treatment.plans.audit_actions import (
    PLAN_ACTIVATED,
    PLAN_CHANGED,
    PLAN_COMPLETED,
    PLAN_CONSENT_RECORDED,
    PLAN_CREATED,
    PLAN_DISCONTINUED,
    PLAN_HELD,
    PLAN_LISTED,
    PLAN_READ,
    PLAN_REVIEWED,
    PLAN_VERSION_READ,
)
from treatment.plans.services import lifecycle
from treatment.plans.services.consent_links import request_plan_consent
from treatment.plans.services.consents import record_plan_consent
from treatment.plans.services.reviews import review_plan
from treatment.plans.services.writing import change_plan, create_plan


@page(PLAN_LISTED, User.Role.THERAPIST)
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans of all patients, with chips for what is due for review."""
    by = actor_of(request)
    context = contexts.all_plans(by.user, request.GET)
    record_rows(PLAN_LISTED, context["page"], by=by)
    return render(request, "treatment/plans.html", context)


@page(PLAN_LISTED, User.Role.THERAPIST)
def patient_plans(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The plans of a patient, ended ones too."""
    access = open_record(actor_of(request), patient_id, PLAN_LISTED)
    context = contexts.patient_plans(access, request.GET, request.path)
    record(PLAN_LISTED, by=access, ids=[row.pk for row in context["page"]])
    return render(request, "treatment/patient_plans.html", context)


@page(PLAN_CREATED, User.Role.THERAPIST, methods=FORM)
def new_plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Draft a plan. The form's other buttons look up codes and write nothing."""
    access = open_record_to_write(actor_of(request), patient_id, PLAN_CREATED)
    form, picker = _filled(request, forms.PlanForm, {"start_date": access.patient.clinic_day})
    if made := submit(form, create_plan, access):
        messages.success(request, "The draft was saved. Start the plan when you both agree on it.")
        return redirect(made.result)
    record(PLAN_LISTED, by=access)  # the page's header tells about the patient
    return render(
        request,
        "treatment/plan_form.html",
        contexts.edit_context(form, picker, access.patient),
        status=status_of(form),
    )


@page(PLAN_CHANGED, User.Role.THERAPIST, methods=FORM)
def edit_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what a plan says; who changed it in the meantime, and to what, stands beside one's own words."""
    plan, access = open_plan_to_write(actor_of(request), pk, PLAN_CHANGED)
    form, picker = _filled(request, forms.ChangePlanForm, forms.said_by(plan))
    if submit(form, change_plan, plan, access=access):
        messages.success(request, "The plan was saved.")
        return redirect(plan)
    context = contexts.edit_context(form, picker, access.patient, plan)
    if form.is_bound and form.data.get("revision") != str(plan.revision):
        # The next attempt builds on what stands there now, which the page shows.
        form.data = form.data.copy()
        form.data["revision"] = str(plan.revision)
        context["elsewhere"] = contexts.described_codes(plan.codes)
    record(PLAN_READ, plan, by=access)
    return render(request, "treatment/plan_form.html", context, status=status_of(form))


def _filled(request: HttpRequest, form: type[forms.PlanForm], said: dict[str, Any]) -> tuple[Any, forms.Picker]:
    """The form and its codes: as stored, after a step as they were typed, or bound, to be saved."""
    if request.method != "POST":
        return form(initial=said), forms.Picker(said.get("codes", []))
    picker, is_saved = forms.step_of(request.POST)
    if not is_saved:
        return form(initial=request.POST.dict()), picker
    return form(request.POST), picker


@page(PLAN_READ, User.Role.THERAPIST)
def plan_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is treated, whether the review is due, and whether the patient agrees."""
    plan, access = open_plan(actor_of(request), pk, PLAN_READ)
    return _plan_page(request, plan, access)


def _plan_page(request: HttpRequest, plan: TreatmentPlan, access: RecordAccess, **refused: Any) -> HttpResponse:
    context = contexts.plan_context(plan, access, **refused)
    record(PLAN_READ, plan, by=access, ids=context["goal_ids"])
    status = max((status_of(form) for form in refused.values()), default=200)
    return render(request, "treatment/plan.html", context, status=status)


def _step(
    request: HttpRequest, pk: UUID, action: Action, *, form: type[Any], service: Callable[..., Any], done: str
) -> HttpResponse:
    """Run a service with a form of the plan's page, which comes back with the form's errors."""
    plan, access = open_plan_to_write(actor_of(request), pk, action)
    given = form(request.POST)
    if submit(given, service, plan, access=access):
        messages.success(request, done)
        return redirect(plan)
    name = "review_form" if form is forms.ReviewForm else "reason_form"
    given.data = {**request.POST.dict(), "revision": plan.revision}
    return _plan_page(request, plan, access, **{name: given})


@page(PLAN_ACTIVATED, User.Role.THERAPIST, methods=POST)
def activate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Start a plan, or go on with it."""
    return _move(request, pk, PLAN_ACTIVATED, lifecycle.activate_plan, "The plan is active.")


@page(PLAN_COMPLETED, User.Role.THERAPIST, methods=POST)
def complete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a plan that did what it was for."""
    return _move(request, pk, PLAN_COMPLETED, lifecycle.complete_plan, "The plan is completed.")


def _move(request: HttpRequest, pk: UUID, action: Action, service: Callable[..., Any], done: str) -> HttpResponse:
    plan, access = open_plan_to_write(actor_of(request), pk, action)
    given = require_complete(forms.StepForm(request.POST))
    perform(request, done, service, plan, access=access, **given)
    return redirect(plan)


@page(PLAN_HELD, User.Role.THERAPIST, methods=POST)
def hold(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a plan on hold."""
    given: dict[str, Any] = {"form": forms.ReasonForm, "service": lifecycle.hold_plan, "done": "The plan is on hold."}
    return _step(request, pk, PLAN_HELD, **given)


@page(PLAN_DISCONTINUED, User.Role.THERAPIST, methods=POST)
def discontinue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a plan early."""
    done = "The plan is discontinued. It stays in the history."
    given: dict[str, Any] = {"form": forms.ReasonForm, "service": lifecycle.discontinue_plan, "done": done}
    return _step(request, pk, PLAN_DISCONTINUED, **given)


@page(PLAN_REVIEWED, User.Role.THERAPIST, methods=POST)
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record today's review."""
    given: dict[str, Any] = {"form": forms.ReviewForm, "service": review_plan, "done": "The review was recorded."}
    return _step(request, pk, PLAN_REVIEWED, **given)


@page(PLAN_CONSENT_RECORDED, User.Role.THERAPIST, methods=POST)
def consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record what the patient said after the plan was read to them."""
    plan, access = open_plan_to_write(actor_of(request), pk, PLAN_CONSENT_RECORDED)
    given = require_complete(forms.ConsentForm(request.POST))
    perform(request, "The decision was recorded.", record_plan_consent, plan, access=access, **given)
    return redirect(plan)


@page(CONSENT_REQUEST_SENT, User.Role.THERAPIST, methods=POST)
def consent_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Create a signing link about the plan, e-mail it if asked to, and show it this once."""
    plan, access = open_plan_to_write(actor_of(request), pk, CONSENT_REQUEST_SENT)
    given = require_complete(forms.ConsentRequestForm(request.POST))
    try:
        asked = request_plan_consent(plan, access=access, **given)
    except Conflict as error:
        messages.error(request, error.detail)
        return redirect(plan)
    context = link_context(access, *asked, is_mailed=given["by_mail"])
    return render(request, "accounts/consent_link.html", context | {"plan": plan})


@page(PLAN_VERSION_READ, User.Role.THERAPIST)
def plan_version(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """What a plan said when it was started, changed or reviewed."""
    plan, access = open_plan(actor_of(request), pk, PLAN_VERSION_READ)
    version = plan.versions.select_related("made_by").filter(number=number).first()
    if version is None:
        deny(PLAN_VERSION_READ, "not_found", by=access, target=plan)
        raise NotFound("This plan has no such version.")
    record(PLAN_VERSION_READ, plan, by=access, ids=[version.pk])
    return render(request, "treatment/plan_version.html", contexts.version_context(plan, version))


@page(PLAN_LISTED, User.Role.PATIENT)
def own_plans(request: HttpRequest) -> HttpResponse:
    """What the patient and their therapist are working on."""
    access = open_own_record(actor_of(request), PLAN_LISTED)
    context = contexts.own_plans(access.patient, request.GET)
    record(PLAN_LISTED, by=access, ids=[plan.pk for plan in context["page"]])
    return render(request, "treatment/portal_plans.html", context)
