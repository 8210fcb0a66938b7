"""Lists of rows on pages: search, chips and paging by links, which work without JavaScript."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from therapybridge.core.pagination import Leaf, turn_page

MAX_SEARCH = 200  # characters
Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Chip:
    """A link that narrows a list in one way."""

    value: str
    label: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A parameter with a few values, one of them chosen; the value "" stands for all rows."""

    param: str
    labels: Mapping[str, str]
    narrow: Callable[[Any, str], Rows]

    def chosen(self, query: Mapping[str, str]) -> str:
        """The value in the address; all rows for one that does not exist."""
        value = query.get(self.param, "")
        return value if value in self.labels else ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list and what stands around it. Templates go through it like through its rows."""

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
        """How many rows there are; only as far as this page shows, since nothing counts a long list."""
        if self.previous_url:
            return f"{len(self)} on this page"
        return f"{len(self)}+ found" if self.next_url else f"{len(self)} found"

    def context(self) -> dict[str, Any]:
        """Under the names by which the templates of lists, search and chips know it."""
        return {"page": self, "q": self.q, "filters": self.filters}


@dataclass(frozen=True, slots=True)
class Listing:
    """How a kind of row is listed: in which order (see `keyset_page`), searched and narrowed by what.

    Two lists on one page have different names for the `cursor` in the address.
    """

    order: tuple[str, ...]
    per_page: int = 20
    search: Callable[[Any, str], Rows] | None = None
    choice: Choice | None = None
    cursor: str = "cursor"

    def page(self, rows: Rows, query: Mapping[str, str], path: str) -> ListPage:
        """The page that the address asks for, in one query of the rows that the reader may see."""
        q = clean_search(query.get("q", "")) if self.search else ""
        chosen = self.choice.chosen(query) if self.choice else ""
        if self.search and q:
            rows = self.search(rows, q)
        if self.choice and chosen:
            rows = self.choice.narrow(rows, chosen)
        leaf = turn_page(rows, self.order, query.get(self.cursor, ""), self.per_page)
        filters = chips(path, self.choice.param, self.choice.labels, chosen, q) if self.choice else []
        return ListPage(leaf.rows, q, filters, bool(q or chosen), *self._links(leaf, query, path))

    def _links(self, leaf: Leaf, query: Mapping[str, str], path: str) -> tuple[str, str]:
        others = {name: query[name] for name in query if name != self.cursor}
        previous, following = (
            address(path, others | {self.cursor: cursor}) if cursor else "" for cursor in (leaf.previous, leaf.next)
        )
        return previous, following


def clean_search(text: str) -> str:
    """What a search box may ask: no NUL, which PostgreSQL refuses, and no more than anybody types."""
    return text.replace("\x00", "")[:MAX_SEARCH].strip()


def chips(path: str, param: str, labels: Mapping[str, str], chosen: str, q: str = "") -> list[Chip]:
    """A chip for each value; they keep the search and start at the first page."""
    return [
        Chip(value, label, address(path, {param: value, "q": q}), value == chosen) for value, label in labels.items()
    ]


def address(path: str, query: Mapping[str, str]) -> str:
    """A link that carries what is set."""
    given = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{given}" if given else path
