"""The way in and the way out of the browser portals."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import demo
from accounts.authentication.audit_actions import USER_SIGNED_OUT
from accounts.authentication.forms import SignInForm
from accounts.authentication.services import auth_sessions
from accounts.authentication.services.sign_in import record_password_accepted, user_by_password
from accounts.authentication.services.tokens import InvalidCredentials
from audit import log
from therapybridge.core.actor import actor_of, anonymous
from therapybridge.core.errors import Forbidden
from therapybridge.core.limits import limited
from therapybridge.core.pages.forms import status_of, submit


@sensitive_post_parameters("password")
@limited("sign_in_address")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password; a signed-in person goes on to where they wanted."""
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
        "demo_logins": demo.sign_ins(),
        "demo_password": "" if settings.IS_PRODUCTION else settings.DEMO_PASSWORD,
    }
    return render(request, "accounts/sign_in.html", context, status=status_of(form))


def _safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: only to a page of this site."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=here, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the browser session."""
    by = actor_of(request)
    if by.auth_session:
        log.record(USER_SIGNED_OUT, by.user, by=by)
        auth_sessions.revoke(by.auth_session, "signed_out")
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Stands at /admin/login/: there is one sign-in page, and a signed-in person who comes here may not go further."""
    if request.user.is_authenticated:
        raise Forbidden("Clinic administration is open to the clinic's administrators only.")
    return redirect_to_login(request.GET.get("next") or resolve_url("admin:index"))
