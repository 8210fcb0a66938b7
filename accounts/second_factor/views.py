"""Second-factor pages: django-allauth's views behind our access checks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import reauthenticate as confirm_by_password_view
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import (
    FORM,
    READ_ONLY,
    Guard,
    MethodNotAllowed,
    guards,
    has_used_factor,
    is_stepped_up,
    page,
    to_step_up,
)
from accounts.authentication.audit_actions import USER_SIGNED_IN
from accounts.authentication.querysets import factors_of
from accounts.models import User
from accounts.second_factor.audit_actions import SECOND_FACTOR_MANAGED
from therapybridge.core.actor import actor_of
from therapybridge.core.limits import limited
from therapybridge.core.pages.forms import UNPROCESSABLE


class ConfirmByPasskey(passkeys.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Confirms identity with a passkey; a wrong one is asked for again on the same page."""

    def form_invalid(self, form: Form) -> HttpResponseBase:
        """Show the page again with the errors."""
        answer: HttpResponseBase = self.render_to_response(self.get_context_data(form=form))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Include the submitted form, which allauth's view drops."""
        return {**super().get_context_data(**kwargs), **kwargs}


View = Callable[..., HttpResponseBase]
STAGE_METHODS = ("GET", "HEAD", "POST")


def refused_forms_are_422(view: View) -> View:
    """Answer a form with errors with 422, so that scripts do not take it for a success."""

    @wraps(view)
    def judged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        shown = getattr(response, "context_data", None) or {}
        forms = [shown.get("form"), shown.get("webauthn_form")]
        if request.method == "POST" and any(form is not None and form.is_bound and form.errors for form in forms):
            response.status_code = UNPROCESSABLE
        return response

    return judged


def stage(view: View) -> View:
    """A page between password and sign-in: nobody is signed in yet, so allauth's sign-in state decides."""

    @sensitive_post_parameters("code", "credential")
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if request.method not in STAGE_METHODS:
            raise MethodNotAllowed(STAGE_METHODS)
        return counted(request)

    counted = limited("sign_in_address")(refused_forms_are_422(view))
    guards[guarded] = Guard(USER_SIGNED_IN, (), list(STAGE_METHODS))
    return guarded


def managed(view: View, *, step_up: bool = True, methods: tuple[str, ...] = FORM) -> View:
    """A page on which a signed-in person manages their own second factors."""
    access = page(SECOND_FACTOR_MANAGED, methods=methods)
    proven = with_factor(view) if step_up else view
    guarded: View = sensitive_post_parameters("code", "credential", "password")(access(refused_forms_are_422(proven)))
    return guarded


def with_factor(view: View) -> View:
    """Whoever has a factor has to use it first: a password in a trusted browser changes none."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        by = actor_of(request)
        if factors_of(by.user.pk).exists():
            return view(request, *args, **kwargs) if has_used_factor(by) else to_step_up(request, _way_of(by.user))
        return view(request, *args, **kwargs) if is_stepped_up(by) else to_step_up(request)

    return checked


def _way_of(user: User) -> str:
    has_app = factors_of(user.pk).filter(type=Authenticator.Type.TOTP).exists()
    return "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"


def if_signed_in(view: View) -> View:
    """Do not trust a browser if the sign-in was refused in the end; allauth would."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponseBase:
        response = view(request)
        if not request.user.is_authenticated:
            response.cookies.pop(settings.MFA_TRUST_COOKIE_NAME, None)
        return response

    return checked


def unless_last(view: View) -> View:
    """Refuse to remove the last factor of a person who must have one; concurrent removals are serialized."""

    @wraps(view)
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, **kwargs)
        with actor_of(request).user.locked():
            return _refuse_last(request, **kwargs) or view(request, **kwargs)

    return checked


def _refuse_last(request: HttpRequest, pk: int | None = None) -> HttpResponseBase | None:
    which = {"pk": pk} if pk else {"type": Authenticator.Type.TOTP}
    factor = Authenticator.objects.filter(user=actor_of(request).user, **which).select_related("user").first()
    adapter = get_adapter()
    if factor is None or adapter.can_delete_authenticator(factor):
        return None
    messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
    return redirect("mfa_index")


authenticate = stage(factors.authenticate)
trust = stage(if_signed_in(factors.trust))
confirm_by_password = managed(confirm_by_password_view, step_up=False)
confirm_by_code = managed(factors.reauthenticate, step_up=False)
confirm_by_passkey = managed(ConfirmByPasskey.as_view(), step_up=False)
index = managed(factors.index, step_up=False, methods=READ_ONLY)
set_up_app = managed(totp.activate_totp)
remove_app = managed(unless_last(totp.deactivate_totp))
recovery_codes = managed(codes.view_recovery_codes, methods=READ_ONLY)
new_recovery_codes = managed(codes.generate_recovery_codes)
download_recovery_codes = managed(codes.download_recovery_codes, methods=READ_ONLY)
passkey_list = managed(passkeys.list_webauthn, step_up=False, methods=READ_ONLY)
add_passkey = managed(passkeys.add_webauthn)
remove_passkey = managed(unless_last(passkeys.remove_webauthn))
rename_passkey = managed(passkeys.edit_webauthn)
