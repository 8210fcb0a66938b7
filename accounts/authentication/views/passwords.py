"""Pages about passwords."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.access import page
from accounts.authentication.audit_actions import USER_PASSWORD_CHANGED
from accounts.authentication.forms import ChangePasswordForm, ForgotForm, ResetForm
from accounts.authentication.services import passwords
from accounts.identity.services.registration import SENT
from therapybridge.core.actor import actor_of, anonymous
from therapybridge.core.limits import limited
from therapybridge.core.pages.forms import status_of, submit

FORM = ["GET", "HEAD", "POST"]


@limited("write")
@require_http_methods(FORM)
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a link; the answer is the same whether the address is known or not."""
    form = ForgotForm(request.POST or None)
    if submit(form, passwords.ask_reset, by=anonymous(request)):
        return render(request, "accounts/verify_sent.html", {"title": "Check your e-mail", "sent": SENT})
    return render(request, "accounts/password_forgot.html", {"form": form}, status=status_of(form))


@sensitive_post_parameters("password")
@limited("write")
@require_http_methods(FORM)
def reset(request: HttpRequest, user_id: UUID, token: str) -> HttpResponse:
    """Choose a new password by the link of an e-mail."""
    passwords.person_to_reset(user_id, token)
    form = ResetForm(request.POST or None)
    if submit(form, passwords.reset_password, user_id, token, by=anonymous(request)):
        messages.success(request, "Your password was changed. Please sign in with it.")
        return redirect("account_login")
    return render(request, "accounts/password_reset.html", {"form": form}, status=status_of(form))


@sensitive_post_parameters("current_password", "new_password")
@page(USER_PASSWORD_CHANGED, methods=access.FORM)
def change(request: HttpRequest) -> HttpResponse:
    """Change the password; this browser stays signed in, everything else is signed out."""
    form, by = ChangePasswordForm(request.POST or None), actor_of(request)
    if submit(form, passwords.change_password, by=by):
        update_session_auth_hash(request, by.user)
        messages.success(request, "Your password was changed. Other browsers and devices are signed out.")
        return redirect("accounts:account")
    return render(request, "accounts/password_change.html", {"form": form}, status=status_of(form))
