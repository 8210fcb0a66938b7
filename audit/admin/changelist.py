"""The list page: our own filters, always newest first, and never a full count."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from audit.filters import TrailFilter

# Twenty pages; older rows are reached by filtering by date, which uses the index.
MOST_ROWS = 1000


class CappedPaginator(Paginator[Any]):
    """Counts no further than the last page that can be shown."""

    @cached_property
    def count(self) -> int:
        """Number of rows, capped."""
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_ROWS].count())


class TrailChangeList(ChangeList):
    """The rows that match the filter form."""

    filter: TrailFilter

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """Remove our parameters: Django would look for columns with these names."""
        given: dict[str, Any] = super().get_filters_params(params)
        return {name: value for name, value in given.items() if name not in TrailFilter.base_filters}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """No rows if the filter is invalid."""
        rows = super().get_queryset(request, exclude_parameters)
        self.filter = TrailFilter(request.GET, queryset=rows)
        return self.filter.qs if self.filter.is_valid() else rows.none()

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Only this order: any other would read the whole trail."""
        return ["-pk"]
