"""The page on which administrators see and try the engines."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import POST, page
from accounts.models import User
from audit.log import record
from sessions_app.audit_actions import ENGINE_READ, ENGINE_TRIED
from sessions_app.pipeline.engines import registry
from sessions_app.processing.services.control import start_trial
from sessions_app.processing.services.trial import latest_trial, running_since
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import perform


@page(ENGINE_READ, User.Role.ADMIN)
def engine(request: HttpRequest) -> HttpResponse:
    """Which model drafts, and what the latest trial found."""
    by = actor_of(request)
    record(ENGINE_READ, by=by)
    chosen = registry.from_settings()
    clinic = by.user.clinic
    context = {
        "model": chosen.llm_model if registry.has_model(chosen) else "",
        "address": chosen.llm_base_url,
        "is_forbidden": clinic is not None and not clinic.external_ai_allowed,
        "trial": latest_trial(),
        "running_since": running_since(),
    }
    return render(request, "sessions_app/engine.html", context)


@page(ENGINE_TRIED, User.Role.ADMIN, methods=POST)
def try_connection(request: HttpRequest) -> HttpResponse:
    """Start a trial."""
    perform(request, "The test has started. It may take a few minutes.", start_trial, by=actor_of(request))
    return redirect("engine")
