"""Pages about the browsers and devices that a person is signed in with, and about the time that is left."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import FORM, POST, actor, auth_session, page
from accounts.authentication.forms import PasswordForm
from accounts.authentication.services import devices as services
from accounts.authentication.services.tokens import InvalidCredentials
from accounts.authentication.services.user_agents import label_of
from audit import log
from therapybridge.core.pages.forms import status_of, submit

PER_PAGE = 20


@sensitive_post_parameters("password")
@page("device.listed", methods=FORM)
def devices(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; the form signs out everywhere."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if submit(form, services.sign_out_everywhere, actor(request), request=request, catch=(InvalidCredentials,)):
        logout(request)
        messages.success(request, "You are signed out everywhere.")
        return redirect("account_login")
    rows = Paginator(services.devices_of(actor(request)).order_by("-last_used_at", "-id"), PER_PAGE)
    shown = rows.get_page(request.GET.get("page"))
    for row in shown:
        row.name = label_of(row.device)  # type: ignore[attr-defined]  # for the template
    if request.method != "POST":
        log.record("device.listed", by=actor(request), ids=[row.pk for row in shown], request=request)
    own = auth_session(request)
    context = {"form": form, "page": shown, "current": own.pk if own else None}
    return render(request, "accounts/devices.html", context, status=status_of(form))


@page("device.revoked", methods=POST)
def revoke(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign one of them out."""
    services.sign_out_device(actor(request), session_id, request=request)
    messages.success(request, "That browser or device is signed out.")
    return redirect("accounts:devices")


@page("session.extended", methods=POST)
def stay(request: HttpRequest) -> HttpResponse:
    """The person is still there: the request itself moved the limit. Says how many seconds are left now."""
    return HttpResponse(status=204, headers={"Session-Seconds": str(request.session_seconds)})  # type: ignore[attr-defined]
