"""The base of every view of the API."""

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from therapybridge.core.errors import InvalidInput
from therapybridge.core.limits import SAFE_METHODS


class ApiView(APIView):
    """Refuses query parameters that the operation does not know: a misspelt filter must not show everything.

    It stands before DRF's generic classes: `class Devices(ApiView, GenericAPIView[AuthSession])`. A list knows its
    filters' and its pages' names by itself; `query_parameters` adds those that a view reads in another way.
    """

    query_parameters: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After permissions and limits, so that strangers learn nothing of an operation; InvalidInput names each."""
        super().initial(request, *args, **kwargs)
        known = self.known_parameters() if request.method in SAFE_METHODS else frozenset()
        if unknown := request.query_params.keys() - known:
            raise InvalidInput(errors={name: ["There is no such parameter."] for name in sorted(unknown)})

    def known_parameters(self) -> frozenset[str]:
        """What a request that only reads may say in its query string."""
        if getattr(self, "action", "list") != "list":
            return self.query_parameters
        filters = getattr(getattr(self, "filterset_class", None), "base_filters", {})
        return self.query_parameters | filters.keys() | getattr(getattr(self, "paginator", None), "names", frozenset())
