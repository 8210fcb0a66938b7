"""The administration's site; it takes what its pages offer and nothing else."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]


class ClinicAdminSite(AdminSite):
    """Django's site, which would answer every other method as if it were GET."""

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page passes through here: 405 for anything but reading and sending forms."""
        guarded: View = super().admin_view(view, cacheable)
        return require_http_methods(["GET", "HEAD", "POST"])(guarded)
