"""The start page of each role."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.models import User

START = {User.Role.THERAPIST: "today", User.Role.PATIENT: "portal:home", User.Role.ADMIN: "admin:index"}


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Redirect to the start page of the person's role."""
    assert isinstance(request.user, User)  # noqa: S101
    return redirect(START[User.Role(request.user.role)])
