"""Whether a request of htmx wants a part of a page."""

from django.http import HttpRequest


def wants_fragment(request: HttpRequest) -> bool:
    """Whether only the part that changes is asked for; a history restore asks for the whole page again."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request
