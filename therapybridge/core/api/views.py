"""Base of all API views."""

from typing import Any

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from therapybridge.core.errors import InvalidInput
from therapybridge.core.limits import SAFE_METHODS, Usage
from therapybridge.core.uploads import CappedMultiPartParser


class ApiView(APIView):
    """Rejects unknown query parameters: a misspelt filter must not return everything.

    Put it before DRF's generic classes: `class Devices(ApiView, GenericAPIView[AuthSession])`. Filter and pagination
    parameters are known automatically; `query_parameters` adds those that a view reads itself.
    """

    query_parameters: frozenset[str] = frozenset()
    # The name of the route to what a POST creates; `item_is_below` if it takes the ids of the path too.
    item_route: str = ""
    item_is_below: bool = False
    limit_usage: Usage | None = None

    def get_parsers(self) -> list[Any]:
        """A form where a file is taken, and JSON everywhere else."""
        method = (self.request.method or "").lower() if self.request is not None else ""
        action = (getattr(self, "action_map", None) or {}).get(method, "")
        takes_file = hasattr(getattr(self, action, None), "file_bytes")
        return [CappedMultiPartParser()] if takes_file else super().get_parsers()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check after permissions and limits, so that strangers learn nothing; InvalidInput names each parameter."""
        super().initial(request, *args, **kwargs)
        known = self.known_parameters() if request.method in SAFE_METHODS else frozenset()
        if unknown := request.query_params.keys() - known:
            raise InvalidInput(errors={name: ["Unknown parameter."] for name in sorted(unknown)})

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Tell in Location where to find what was created, also if the response is repeated; and what the limit is."""
        final = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.limit_usage.headers.items() if self.limit_usage else ():
            final.headers.setdefault(name, value)  # a refusal has those of the limit that refused
        if str(final.status_code) in self.located_statuses() and isinstance(response, Response):
            above = self.kwargs.values() if self.item_is_below else ()
            final.headers["Location"] = reverse(self.item_route, args=[*above, response.data["id"]])
        return final

    def located_statuses(self) -> frozenset[str]:
        """The statuses that say that an item was created; a 202 to an item itself says that work on it has begun."""
        if not self.item_route or self.request.method != "POST":
            return frozenset()
        return frozenset({"201"} if getattr(self, "detail", False) else {"201", "202"})

    def known_parameters(self) -> frozenset[str]:
        """Query parameters that a read request may use."""
        if getattr(self, "action", "list") != "list":
            return self.query_parameters
        filters = getattr(getattr(self, "filterset_class", None), "base_filters", {})
        return self.query_parameters | filters.keys() | getattr(getattr(self, "paginator", None), "names", frozenset())
