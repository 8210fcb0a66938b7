"""Pages about the browsers and devices that a person is signed in with, and about the time that is left."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import FORM, POST, page
from accounts.authentication.audit_actions import DEVICE_LISTED, DEVICE_REVOKED, SESSION_EXTENDED
from accounts.authentication.forms import PasswordForm
from accounts.authentication.services import devices as device_services
from accounts.authentication.services.tokens import InvalidCredentials
from accounts.authentication.services.user_agents import label_of
from audit import log
from therapybridge.core.actor import actor_of
from therapybridge.core.http.requests import PortalRequest
from therapybridge.core.pages.forms import status_of, submit
from therapybridge.core.pages.lists import Listing

DEVICES = Listing(order=("-last_used_at", "-id"))


@sensitive_post_parameters("password")
@page(DEVICE_LISTED, methods=FORM)
def devices(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; the form signs out everywhere."""
    by, form = actor_of(request), PasswordForm(request.POST if request.method == "POST" else None)
    if submit(form, device_services.sign_out_everywhere, by=by, catch=(InvalidCredentials,)):
        logout(request)
        messages.success(request, "You are signed out everywhere.")
        return redirect("account_login")
    shown = DEVICES.page(device_services.devices_of(by.user), request.GET, request.path)
    for row in shown:
        row.name = label_of(row.device)
    if request.method != "POST":
        log.record(DEVICE_LISTED, by=by, ids=[row.pk for row in shown])
    context = {"form": form, "page": shown, "current": by.auth_session.pk}
    return render(request, "accounts/devices.html", context, status=status_of(form))


@page(DEVICE_REVOKED, methods=POST)
def revoke(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign one of them out."""
    device_services.sign_out_device(session_id, by=actor_of(request))
    messages.success(request, "That browser or device is signed out.")
    return redirect("accounts:devices")


@page(SESSION_EXTENDED, methods=POST)
def stay(request: PortalRequest) -> HttpResponse:
    """The person is still there: the request itself moved the limit. Says how many seconds are left now."""
    return HttpResponse(status=204, headers={"Session-Seconds": str(request.session_seconds)})
