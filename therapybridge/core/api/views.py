"""Base of all API views."""

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from therapybridge.core.errors import InvalidInput
from therapybridge.core.limits import SAFE_METHODS


class ApiView(APIView):
    """Rejects unknown query parameters: a misspelt filter must not return everything.

    Put it before DRF's generic classes: `class Devices(ApiView, GenericAPIView[AuthSession])`. Filter and pagination
    parameters are known automatically; `query_parameters` adds those that a view reads itself.
    """

    query_parameters: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check after permissions and limits, so that strangers learn nothing; InvalidInput names each parameter."""
        super().initial(request, *args, **kwargs)
        known = self.known_parameters() if request.method in SAFE_METHODS else frozenset()
        if unknown := request.query_params.keys() - known:
            raise InvalidInput(errors={name: ["Unknown parameter."] for name in sorted(unknown)})

    def known_parameters(self) -> frozenset[str]:
        """Query parameters that a read request may use."""
        if getattr(self, "action", "list") != "list":
            return self.query_parameters
        filters = getattr(getattr(self, "filterset_class", None), "base_filters", {})
        return self.query_parameters | filters.keys() | getattr(getattr(self, "paginator", None), "names", frozenset())
