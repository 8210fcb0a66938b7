"""The time zone of pages."""

from django.http import HttpResponse
from django.utils import timezone

from accounts.authentication.middleware import Next
from therapybridge.core.http.requests import PortalRequest


class TimeZoneMiddleware:
    """Activates the signed-in person's time zone for pages; the API uses UTC."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        """Activate the zone for this request."""
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.zone):
            return self.get_response(request)
