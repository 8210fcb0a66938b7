"""Pages for signing up, confirming an address and accepting an invitation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.identity.access import open_invitation_link
from accounts.identity.forms import ColleagueAcceptForm, PatientAcceptForm, SignUpForm
from accounts.identity.services import email_verification, registration
from accounts.identity.services import invitations as invitation_services
from accounts.identity.services.registration import SENT
from therapybridge.core.actor import anonymous
from therapybridge.core.limits import limited
from therapybridge.core.pages.forms import status_of, submit

FORM = ["GET", "HEAD", "POST"]


@sensitive_post_parameters("password")
@limited("write")
@require_http_methods(FORM)
def sign_up(request: HttpRequest) -> HttpResponse:
    """Create an account and a clinic; the response does not reveal whether the address is known."""
    if request.user.is_authenticated:
        return redirect("home")
    registration.require_open()
    form = SignUpForm(request.POST or None)
    if submit(form, registration.sign_up, by=anonymous(request)):
        return render(request, "accounts/verify_sent.html", {"title": "Check your e-mail", "sent": SENT})
    return render(request, "accounts/sign_up.html", {"form": form}, status=status_of(form))


@limited("write")
@require_http_methods(FORM)
def verify_email(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button and confirm on POST only, so that link scanners confirm nothing."""
    if request.method == "POST":
        registration.confirm_address(token, by=anonymous(request))
        messages.success(request, "Your address has been confirmed.")
        return redirect("accounts:account" if request.user.is_authenticated else "account_login")
    user, new_address = email_verification.read_token(token)
    return render(request, "accounts/verify_email.html", {"person": user, "new_address": new_address})


@sensitive_post_parameters("password")
@limited("write")
@require_http_methods(FORM)
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation; the person then signs in as usual."""
    invited = open_invitation_link(secret)
    form = (PatientAcceptForm if invited.patient_id else ColleagueAcceptForm)(request.POST or None)
    if submit(form, invitation_services.accept_invitation, secret, by=anonymous(request)):
        messages.success(request, "Welcome. You can sign in now.")
        return redirect("account_login")
    return render(request, "accounts/invitation.html", {"form": form, "invited": invited}, status=status_of(form))
