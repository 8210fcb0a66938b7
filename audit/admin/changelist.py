"""The list page: our own filters instead of Django's, newest first whatever an address says, and never a full count."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from audit.filters import TrailFilter

# Twenty pages; what lies further back is reached by the dates, which seek in the index.
MOST_ROWS = 1000


class CappedPaginator(Paginator[Any]):
    """Counts no further than the last page that can be opened."""

    @cached_property
    def count(self) -> int:
        """Rows on all pages."""
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_ROWS].count())


class TrailChangeList(ChangeList):
    """Rows that the filter form lets through."""

    filter: TrailFilter

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """Ours are not Django's: it would look for columns of these names."""
        given: dict[str, Any] = super().get_filters_params(params)
        return {name: value for name, value in given.items() if name not in TrailFilter.base_filters}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Nothing at all for a filter that is not valid."""
        rows = super().get_queryset(request, exclude_parameters)
        self.filter = TrailFilter(request.GET, queryset=rows)
        return self.filter.qs if self.filter.is_valid() else rows.none()

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """No other order: each would read the whole trail."""
        return ["-pk"]
