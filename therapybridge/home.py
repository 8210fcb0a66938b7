"""Where each role starts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.models import User

START = {User.Role.THERAPIST: "today", User.Role.PATIENT: "portal:home", User.Role.ADMIN: "admin:index"}


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send a person to the first page of their role."""
    assert isinstance(request.user, User)  # noqa: S101
    return redirect(START[User.Role(request.user.role)])
