"""Pages for the person's own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, page
from accounts.identity.audit_actions import USER_EMAIL_CHANGE_ASKED, USER_UPDATED
from accounts.identity.forms import NewAddressForm, ProfileForm
from accounts.identity.services import profile as profile_services
from accounts.identity.services.registration import SENT
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import status_of, submit


@page(USER_UPDATED, methods=FORM)
def account(request: HttpRequest) -> HttpResponse:
    """Show and change names and time zone."""
    by = actor_of(request)
    names = ("first_name", "last_name", "time_zone")
    form = ProfileForm(request.POST or None, initial={name: getattr(by.user, name) for name in names})
    if submit(form, profile_services.update_me, by=by):
        messages.success(request, "Saved.")
        return redirect("accounts:account")
    return render(request, "accounts/profile.html", {"form": form}, status=status_of(form))


@page(USER_EMAIL_CHANGE_ASKED, methods=FORM, step_up=True)
def new_address(request: HttpRequest) -> HttpResponse:
    """Change the sign-in address; it takes effect once it is confirmed."""
    form = NewAddressForm(request.POST or None)
    if submit(form, profile_services.ask_new_address, by=actor_of(request)):
        messages.success(request, SENT)
        return redirect("accounts:account")
    return render(request, "accounts/profile_email.html", {"form": form}, status=status_of(form))
