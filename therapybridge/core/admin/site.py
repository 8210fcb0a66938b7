"""The administration's site; it takes what its pages offer and nothing else."""

from collections.abc import Callable
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from therapybridge.core.actor import actor_of

View = Callable[..., HttpResponseBase]
# Django's pages of these names look rows up past the rights of the pages, or are a second way to do what ours do.
CLOSED = ("view_on_site", "password_change", "password_change_done")


class ClinicAdminSite(AdminSite):
    """Django's site, opened by a second factor only, without a sign-in, sign-out or password page of its own."""

    # Of every page; Django would answer any other method as if it were GET.
    methods = ("GET", "HEAD", "POST")

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, in a session that was opened with the second factor; the gate before every page says the same."""
        session = actor_of(request).auth_session
        if session is None or not super().has_permission(request):
            return False
        return session.second_factor_at is not None or not (settings.MFA_REQUIRED or session.has_factor)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page passes through here: 405 for anything but reading and sending forms."""
        guarded: View = super().admin_view(view, cacheable)
        return require_http_methods(self.methods)(guarded)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's, of which some lead nowhere."""
        nowhere = self.admin_view(self.nowhere)
        return [
            path(_route(one), nowhere, name=one.name) if isinstance(one, URLPattern) and one.name in CLOSED else one
            for one in super().get_urls()
        ]

    def nowhere(self, request: HttpRequest, **kwargs: Any) -> NoReturn:
        """404."""
        raise Http404

    @method_decorator(require_safe)
    def autocomplete_view(self, request: HttpRequest) -> NoReturn:
        """403: no page here completes what is typed."""
        raise PermissionDenied

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseRedirect:  # type: ignore[override]
        """To the start: the button for signing out is there, and on every page of this site."""
        return redirect("home")


def _route(pattern: URLPattern) -> str:
    return str(pattern.pattern)
