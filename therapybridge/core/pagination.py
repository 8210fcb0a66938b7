"""Keyset pagination: the next page starts after the last row's key, so page 5,000 costs as much as page 1."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan, TupleLookupMixin
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from therapybridge.core import crypto
from therapybridge.core.changes import settled_until, tells_changes
from therapybridge.core.errors import InvalidInput

NEWEST_FIRST = ("-created_at", "-id")
Details = Callable[[Any], QuerySet[Any, Any]]
BACK = "~"  # before a cursor that leads back
LIMIT = re.compile(r"[0-9]{1,5}")
WRITERS: dict[type, str] = {datetime: "datetime", date: "date", UUID: "uuid"}
READERS: dict[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "uuid": UUID,
    "": lambda value: value,
}
# Alongside `results`. Client generators break on a null-only type, so `previous` is a nullable string.
ENVELOPE: dict[str, dict[str, Any]] = {
    "next": {"type": ["string", "null"], "format": "uri", "description": "URL of the next page."},
    "next_cursor": {"type": ["string", "null"], "description": "The `cursor` of the next page."},
    "previous": {"type": ["string", "null"], "format": "uri", "description": "Always null; keep the earlier pages."},
    "total_count": {
        "type": ["integer", "null"],
        "description": "Rows on all pages; null where counting is expensive.",
    },
}

# Of lists that can be asked for what has changed since.
CHANGES: dict[str, dict[str, Any]] = {
    "next_updated_since": {
        "type": "string",
        "format": "date-time",
        "description": "The `updated_since` of the next read: of a read of several pages, that of the first.",
    },
}


class KeysetCursor:
    """The key of a page's last row, encrypted for one ordering; anything else is InvalidInput `invalid_cursor`.

    It is encrypted because cursors appear in URLs and a key may contain a patient's name. A `scope` (whose list, which
    filters) makes the cursor invalid for any other list with the same ordering.
    """

    @staticmethod
    def encode(fields: Sequence[str], values: Sequence[Any], scope: str = "") -> str:
        """Encode key values: datetimes, dates, UUIDs, numbers and text."""
        tagged = [[WRITERS.get(type(value), ""), str(value) if type(value) in WRITERS else value] for value in values]
        sealed = crypto.seal(json.dumps(tagged, separators=(",", ":")).encode(), _purpose(fields, scope))
        return _text(sealed)

    @staticmethod
    def decode(fields: Sequence[str], cursor: str, scope: str = "") -> tuple[Any, ...]:
        """Decode the values encoded for the same fields."""
        try:
            tagged = json.loads(crypto.unseal(_bytes(cursor), _purpose(fields, scope)))
        except (ValueError, crypto.DecryptionError):
            raise InvalidInput("This cursor is invalid for this list.", code="invalid_cursor") from None
        return tuple(READERS[tag](value) for tag, value in tagged)


def _text(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def _bytes(cursor: str) -> bytes:
    """Decode only the canonical spelling of `_text`; ValueError for any other."""
    sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    if _text(sealed) != cursor:
        raise ValueError(cursor)
    return sealed


def _purpose(fields: Sequence[str], scope: str) -> bytes:
    return f"therapybridge.cursor:{','.join(fields)}:{scope}".encode()


class _RowComparison(TupleLookupMixin):
    """(a, b) < (x, y) as a row comparison in SQL, which can use the index."""

    def get_fallback_sql(self, compiler: Any, connection: Any) -> Any:
        """None: every supported SQLite has row comparisons, and Django's OR form would scan from the first row."""
        return super(TupleLookupMixin, self).as_sql(compiler, connection)  # type: ignore[misc]  # the lookup's own


class _Below(_RowComparison, TupleLessThan):
    """Rows after a given row in descending order."""


class _Above(_RowComparison, TupleGreaterThan):
    """Rows after a given row in ascending order."""


@dataclass(frozen=True)
class Page:
    """One page; `next_cursor` is None on the last."""

    rows: list[Any]
    next_cursor: str | None
    has_more: bool


def keyset_page(
    rows: QuerySet[Any, Any],
    fields: Sequence[str] = NEWEST_FIRST,
    cursor: str | None = None,
    limit: int = 20,
    scope: str = "",
    *,
    details: Details | None = None,
) -> Page:
    """Up to `limit` rows of a queryset (or its `.values()`) after the cursor.

    All fields are non-null, all descending ("-name") or all ascending, and the last one is unique; one index serves
    every page. `details` adds to the page's rows what need not be read to find them.
    """
    key = KeysetCursor.decode(fields, cursor, scope) if cursor else None
    found = keyset_rows(rows, fields, key, limit)
    if details:
        found = details(rows.model._default_manager.filter(pk__in=found.values("pk"))).order_by(*fields)
    return as_page(list(found), fields, limit, scope)


def keyset_rows(
    rows: QuerySet[Any, Any], fields: Sequence[str], key: Sequence[Any] | None, limit: int
) -> QuerySet[Any, Any]:
    """The query of `keyset_page` for a page after the row with this key, with one row more to tell if more follow."""
    directions = {field.startswith("-") for field in fields}
    if len(directions) > 1:
        raise ValueError(f"A keyset is descending or ascending in all fields; {fields!r} is mixed.")
    if key is not None:
        follows = _Below if directions == {True} else _Above
        rows = rows.filter(follows(Tuple(*map(F, _names(fields))), tuple(key)))
    return rows.order_by(*fields)[: limit + 1]


def as_page(found: list[Any], fields: Sequence[str], limit: int, scope: str = "") -> Page:
    """The page of what `keyset_rows` found."""
    kept = found[:limit]
    more = len(found) > limit
    return Page(kept, KeysetCursor.encode(fields, _key(kept[-1], _names(fields)), scope) if more else None, more)


def _names(fields: Sequence[str]) -> list[str]:
    return [field.removeprefix("-") for field in fields]


@dataclass(frozen=True)
class Leaf:
    """A page with cursors in both directions; a cursor is empty if there is nothing more."""

    rows: list[Any]
    previous: str
    next: str


def turn_page(
    rows: QuerySet[Any, Any], fields: Sequence[str], cursor: str = "", limit: int = 20, details: Details | None = None
) -> Leaf:
    """The page after a cursor, or before one that leads back, which reads the same keyset in reverse.

    If nothing is left, and on the way back to the beginning, it is the full first page.
    """
    names, opposite = _names(fields), _opposite(fields)
    if cursor.startswith(BACK):
        back = keyset_page(rows, opposite, cursor.removeprefix(BACK), limit, details=details)
        kept = back.rows[::-1]
        if back.next_cursor:
            return Leaf(kept, BACK + back.next_cursor, KeysetCursor.encode(fields, _key(kept[-1], names)))
        cursor = ""
    page = keyset_page(rows, fields, cursor, limit, details=details)
    if cursor and not page.rows:
        return turn_page(rows, fields, limit=limit, details=details)
    previous = BACK + KeysetCursor.encode(opposite, _key(page.rows[0], names)) if cursor else ""
    return Leaf(page.rows, previous, page.next_cursor or "")


def _opposite(fields: Sequence[str]) -> list[str]:
    return [field.removeprefix("-") if field.startswith("-") else f"-{field}" for field in fields]


def _key(row: Model | Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    if isinstance(row, Mapping):
        return [row[name] for name in names]
    return [_follow(row, name) for name in names]


def _follow(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


class KeysetPagination(BasePagination):
    """`?limit=` (1 to 100) and `?cursor=`; responds with `envelope`.

    Views set `keyset_fields` for the order, and `counts_total` if counting their rows is cheap.
    """

    page_size = 20
    max_page_size = 100
    names = frozenset({"limit", "cursor"})
    tells_changes = False  # for the OpenAPI schema

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """One query for any page, plus one for the total if it is counted and the first page is not all."""
        self.settled = settled_until() if tells_changes(view) else None
        fields = getattr(view, "keyset_fields", NEWEST_FIRST)
        self.request = request
        self.page = keyset_page(queryset, fields, request.query_params.get("cursor"), self.limit(request))
        self.total_count = self._total(queryset) if getattr(view, "counts_total", False) else None
        return self.page.rows

    def _total(self, queryset: Any) -> int:
        is_whole = "cursor" not in self.request.query_params and not self.page.has_more
        return len(self.page.rows) if is_whole else queryset.count()

    def limit(self, request: Request) -> int:
        """Rows per page; InvalidInput unless it is a number from 1 to the maximum."""
        text = request.query_params.get("limit", str(self.page_size))
        if not LIMIT.fullmatch(text) or not 1 <= int(text) <= self.max_page_size:
            sentence = f"Use a number from 1 to {self.max_page_size}."
            raise InvalidInput(errors={"limit": [sentence]})
        return int(text)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(envelope(self.request, data, self.page.next_cursor, self.total_count, self.settled))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the OpenAPI schema."""
        properties = {"results": schema, **ENVELOPE, **(CHANGES if self.tells_changes else {})}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """For the OpenAPI schema."""
        limit = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {"name": "limit", "in": "query", "required": False, "schema": limit},
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
        ]


def envelope(
    request: Request, results: Any, next_cursor: str | None, total_count: int | None, settled: datetime | None = None
) -> dict[str, Any]:
    """The response body of every list; of one that tells what has changed, with `settled_until` before it was read."""
    here = request.build_absolute_uri()
    changes = {"next_updated_since": settled} if settled else {}
    return {
        "results": results,
        "next": replace_query_param(here, "cursor", next_cursor) if next_cursor else None,
        "next_cursor": next_cursor,
        "previous": None,
        "total_count": total_count,
        **changes,
    }
