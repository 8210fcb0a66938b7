"""The time zone of pages, and their form of dates."""

from django.http import HttpResponse

from accounts.authentication.middleware import Next
from therapybridge.core.dates import dates_of
from therapybridge.core.http.requests import PortalRequest


class ReadersDatesMiddleware:
    """Activates the signed-in person's time zone and form of dates for pages; the API uses UTC."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        """Activate both for this request."""
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return self.get_response(request)
        with dates_of(request.user.zone, request.user.locale):
            return self.get_response(request)
