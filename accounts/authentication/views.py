"""Pages for signing in and out, passwords and devices."""

from uuid import UUID

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, demo
from accounts.access import FORM, POST, page
from accounts.authentication.audit_actions import (
    DEVICE_LISTED,
    DEVICE_REVOKED,
    SESSION_EXTENDED,
    USER_PASSWORD_CHANGED,
)
from accounts.authentication.forms import ChangePasswordForm, ForgotForm, PasswordForm, ResetForm, SignInForm
from accounts.authentication.services import devices as device_services
from accounts.authentication.services import passwords
from accounts.authentication.services.sign_in import record_password_accepted, user_by_password
from accounts.authentication.services.tokens import InvalidCredentials
from accounts.authentication.services.user_agents import label_of
from accounts.identity.services.registration import SENT, is_open
from audit import log
from therapybridge.core.actor import actor_of, anonymous
from therapybridge.core.errors import Forbidden
from therapybridge.core.http.requests import PortalRequest
from therapybridge.core.limits import limited
from therapybridge.core.pages.forms import status_of, submit
from therapybridge.core.pages.lists import Listing


@sensitive_post_parameters("password")
@limited("sign_in_address")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with e-mail and password; a signed-in person is redirected to the page they wanted."""
    target = _safe_next(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = SignInForm(request.POST or None)
    if proven := submit(form, user_by_password, by=anonymous(request), catch=(InvalidCredentials,)):
        login = Login(user=proven.result, email_verification="none", redirect_url=target)
        answer: HttpResponse = perform_password_login(request, {}, login)
        if not request.user.is_authenticated:
            record_password_accepted(proven.result, by=anonymous(request))
        return answer
    context = {
        "form": form,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "may_sign_up": is_open(),
        "demo_logins": demo.sign_ins(),
        "demo_password": "" if settings.IS_PRODUCTION else settings.DEMO_PASSWORD,
    }
    return render(request, "accounts/sign_in.html", context, status=status_of(form))


def _safe_next(request: HttpRequest) -> str:
    """Where to go after signing in; only pages of this site."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=here, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the browser session."""
    device_services.sign_out(by=actor_of(request))
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Replaces /admin/login/: redirect to the one sign-in page; 403 for signed-in people who are not staff."""
    if request.user.is_authenticated:
        raise Forbidden("Clinic administration is open to the clinic's administrators only.")
    return redirect_to_login(request.GET.get("next") or resolve_url("admin:index"))


@limited("write")
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a reset link; the response does not reveal whether the address is known."""
    form = ForgotForm(request.POST or None)
    if submit(form, passwords.ask_reset, by=anonymous(request)):
        return render(request, "accounts/verify_sent.html", {"title": "Check your e-mail", "sent": SENT})
    return render(request, "accounts/password_forgot.html", {"form": form}, status=status_of(form))


@sensitive_post_parameters("password")
@limited("write")
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest, user_id: UUID, token: str) -> HttpResponse:
    """Choose a new password through an e-mailed link."""
    passwords.person_to_reset(user_id, token)
    form = ResetForm(request.POST or None)
    if submit(form, passwords.reset_password, user_id, token, by=anonymous(request)):
        messages.success(request, "Your password was changed. Please sign in with it.")
        return redirect("account_login")
    return render(request, "accounts/password_reset.html", {"form": form}, status=status_of(form))


@sensitive_post_parameters("current_password", "new_password")
@page(USER_PASSWORD_CHANGED, methods=access.FORM)
def password_change(request: HttpRequest) -> HttpResponse:
    """Change the password; this browser stays signed in, everything else is signed out."""
    form, by = ChangePasswordForm(request.POST or None), actor_of(request)
    if submit(form, passwords.change_password, by=by):
        update_session_auth_hash(request, by.user)
        messages.success(request, "Your password was changed. Other browsers and devices are signed out.")
        return redirect("accounts:account")
    return render(request, "accounts/password_change.html", {"form": form}, status=status_of(form))


DEVICES = Listing(order=("-last_used_at", "-id"))


@sensitive_post_parameters("password")
@page(DEVICE_LISTED, methods=FORM)
def devices(request: HttpRequest) -> HttpResponse:
    """List where the person is signed in; the form signs out everywhere."""
    by, form = actor_of(request), PasswordForm(request.POST if request.method == "POST" else None)
    if submit(form, device_services.sign_out_everywhere, by=by, catch=(InvalidCredentials,)):
        logout(request)
        messages.success(request, "You have been signed out everywhere.")
        return redirect("account_login")
    shown = DEVICES.page(device_services.devices_of(by.user), request.GET, request.path)
    for row in shown:
        row.name = row.device_name or label_of(row.device)
        row.program = label_of(row.device) if row.device_name else ""
    if request.method != "POST":
        log.record(DEVICE_LISTED, by=by, ids=[row.pk for row in shown])
    context = {"form": form, "page": shown, "current": by.auth_session.pk}
    return render(request, "accounts/devices.html", context, status=status_of(form))


@page(DEVICE_REVOKED, methods=POST)
def device_revoke(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign one browser or device out."""
    device_services.sign_out_device(session_id, by=actor_of(request))
    messages.success(request, "The browser or device has been signed out.")
    return redirect("accounts:devices")


@page(SESSION_EXTENDED, methods=POST)
def stay(request: PortalRequest) -> HttpResponse:
    """Extend the session; the middleware has already moved the limit. Answers with the seconds that are left."""
    return HttpResponse(status=204, headers={"Session-Seconds": str(request.session_seconds)})
