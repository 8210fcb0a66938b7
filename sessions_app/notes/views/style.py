"""The page on which a therapist says how drafts are written."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, page
from accounts.models import User
from audit.log import record
from sessions_app.audit_actions import DRAFTING_STYLE_CHANGED, DRAFTING_STYLE_READ
from sessions_app.notes.forms import StyleForm
from sessions_app.notes.services.style import change_style, style_of
from sessions_app.pipeline.engines import registry
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import status_of, submit


@page(DRAFTING_STYLE_CHANGED, User.Role.THERAPIST, methods=FORM)
def drafting_style(request: HttpRequest) -> HttpResponse:
    """Show and change one's own style."""
    by = actor_of(request)
    chosen = style_of(by.user.pk)
    names = ("modality", "density", "quotation", "wording")
    form = StyleForm(request.POST or None, initial={name: getattr(chosen, name) for name in names})
    if submit(form, change_style, by=by):
        messages.success(request, "Saved. Drafts are written like this from now on.")
        return redirect("drafting_style")
    record(DRAFTING_STYLE_READ, by=by)
    allowed = bool(by.user.clinic and by.user.clinic.external_ai_allowed)
    engine = registry.extractor(registry.from_settings(external=allowed))
    context = {"form": form, "has_model": engine.name != "builtin", "model": engine.model}
    return render(request, "sessions_app/drafting_style.html", context, status=status_of(form))
