"""Lists on pages: search, filter chips and pagination, all of which work without JavaScript."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from therapybridge.core.pagination import Leaf, turn_page

MAX_SEARCH = 200  # characters
Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Chip:
    """A link that filters a list by one value."""

    value: str
    label: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A parameter with a few values, one of which is selected; the value "" means all rows.

    `orders` are those of values that are not listed like all rows.
    """

    param: str
    labels: Mapping[str, str]
    narrow: Callable[[Any, str], Rows]
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def chosen(self, query: Mapping[str, str]) -> str:
        """The value from the query string; unknown values mean all rows."""
        value = query.get(self.param, "")
        return value if value in self.labels else ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list, with its links. Templates can iterate over it."""

    rows: list[Any]
    q: str
    filters: list[Chip]
    is_narrowed: bool
    previous_url: str
    next_url: str

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def found(self) -> str:
        """The number of rows as far as this page shows, since long lists are never counted."""
        if self.previous_url:
            return f"{len(self)} on this page"
        return f"{len(self)}+ found" if self.next_url else f"{len(self)} found"

    def context(self) -> dict[str, Any]:
        """The context for the list, search and chip templates."""
        return {"page": self, "q": self.q, "filters": self.filters}


@dataclass(frozen=True, slots=True)
class Listing:
    """How rows are listed: their order (see `keyset_page`), search and filters.

    Two lists on one page need different `cursor` parameters. `details` adds what is read of the page's rows alone:
    PostgreSQL without statistics would join it to all rows before it cuts the page.
    """

    order: tuple[str, ...]
    per_page: int = 20
    search: Callable[[Any, str], Rows] | None = None
    choice: Choice | None = None
    cursor: str = "cursor"
    details: Callable[[Any], Rows] | None = None
    kept: tuple[str, ...] = ()  # other parameters, which the chips' links keep

    def page(self, rows: Rows, query: Mapping[str, str], path: str) -> ListPage:
        """The requested page, in one query; `rows` must be limited to what the reader may see."""
        q = clean_search(query.get("q", "")) if self.search else ""
        chosen = self.choice.chosen(query) if self.choice else ""
        if self.search and q:
            rows = self.search(rows, q)
        if self.choice and chosen:
            rows = self.choice.narrow(rows, chosen)
        order = self.choice.orders.get(chosen, self.order) if self.choice else self.order
        leaf = turn_page(rows, order, query.get(self.cursor, ""), self.per_page, self.details)
        kept = {name: query[name] for name in self.kept if name in query}
        filters = chips(path, self.choice.param, self.choice.labels, chosen, q, **kept) if self.choice else []
        return ListPage(leaf.rows, q, filters, bool(q or chosen), *self._links(leaf, query, path))

    def _links(self, leaf: Leaf, query: Mapping[str, str], path: str) -> tuple[str, str]:
        others = {name: query[name] for name in query if name != self.cursor}
        previous, following = (
            address(path, others | {self.cursor: cursor}) if cursor else "" for cursor in (leaf.previous, leaf.next)
        )
        return previous, following


def clean_search(text: str) -> str:
    """A search term without NUL, which PostgreSQL rejects, and of bounded length."""
    return text.replace("\x00", "")[:MAX_SEARCH].strip()


def chips(path: str, param: str, labels: Mapping[str, str], chosen: str, q: str = "", **kept: str) -> list[Chip]:
    """A chip per value; links keep the search and the `kept` parameters, and start at the first page."""
    more = {"q": q, **kept}
    return [
        Chip(value, label, address(path, {param: value, **more}), value == chosen) for value, label in labels.items()
    ]


def address(path: str, query: Mapping[str, str]) -> str:
    """A URL with the non-empty parameters."""
    given = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{given}" if given else path
