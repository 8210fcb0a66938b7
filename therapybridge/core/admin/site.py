"""The admin site: only the pages and methods it offers."""

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
# These Django pages bypass the permissions of our pages, or duplicate them.
CLOSED = ("view_on_site", "password_change", "password_change_done")


class ClinicAdminSite(AdminSite):
    """Django's admin site: requires a second factor, and has no sign-in, sign-out or password pages of its own."""

    # For every page; Django would treat any other method like GET.
    methods = ("GET", "HEAD", "POST")

    def has_permission(self, request: HttpRequest) -> bool:
        """Require staff and a session opened with a second factor."""
        session = actor_of(request).auth_session
        if session is None or not super().has_permission(request):
            return False
        return session.second_factor_at is not None or not (settings.MFA_REQUIRED or session.has_factor)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap every page: 405 for anything but GET, HEAD and POST."""
        guarded: View = super().admin_view(view, cacheable)
        return require_http_methods(self.methods)(guarded)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's routes, some of which answer 404."""
        nowhere = self.admin_view(self.nowhere)
        return [
            path(_route(one), nowhere, name=one.name) if isinstance(one, URLPattern) and one.name in CLOSED else one
            for one in super().get_urls()
        ]

    def nowhere(self, request: HttpRequest, **kwargs: Any) -> NoReturn:
        """Answer 404."""
        raise Http404

    @method_decorator(require_safe)
    def autocomplete_view(self, request: HttpRequest) -> NoReturn:
        """Refuse: no page uses autocomplete."""
        raise PermissionDenied

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseRedirect:  # type: ignore[override]
        """Redirect to the start page, which has the sign-out button."""
        return redirect("home")


def _route(pattern: URLPattern) -> str:
    return str(pattern.pattern)
