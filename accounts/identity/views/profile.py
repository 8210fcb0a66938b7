"""Pages of one's own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, actor, page
from accounts.identity.forms import NewAddressForm, ProfileForm
from accounts.identity.services import profile as services_profile
from accounts.identity.services.registration import SENT
from therapybridge.core.pages.forms import status_of, submit


@page("user.updated", methods=FORM)
def account(request: HttpRequest) -> HttpResponse:
    """Show and change names and time zone."""
    user = actor(request)
    names = ("first_name", "last_name", "time_zone")
    form = ProfileForm(request.POST or None, initial={name: getattr(user, name) for name in names})
    if submit(form, services_profile.update_me, user, request=request):
        messages.success(request, "Saved.")
        return redirect("accounts:account")
    return render(request, "accounts/profile.html", {"form": form}, status=status_of(form))


@page("user.email_change_asked", methods=FORM, step_up=True)
def new_address(request: HttpRequest) -> HttpResponse:
    """Ask for another address to sign in with; it counts once it is confirmed."""
    form = NewAddressForm(request.POST or None)
    if submit(form, services_profile.ask_new_address, actor(request), request=request):
        messages.success(request, SENT)
        return redirect("accounts:account")
    return render(request, "accounts/profile_email.html", {"form": form}, status=status_of(form))
