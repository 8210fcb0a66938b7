"""Lookups that are alike on both databases: text without regard to case, and one of many keys.

Both take a slot of `compiled`, too, whose field is `Pattern` or `Keys`.
"""

from typing import Any

import orjson
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Contains, Lookup


@models.CharField.register_lookup
@models.TextField.register_lookup
class ILike(Contains):
    """Case-insensitive search with ILIKE: `icontains` wraps both sides in UPPER(), which PostgreSQL plans badly.

    SQLite knows only the case of ASCII, so there both sides go through Python's lower().
    """

    lookup_name = "ilike"

    def process_lhs(self, compiler: Any, connection: BaseDatabaseWrapper, lhs: Any = None) -> tuple[str, Any]:
        """The column, in lower case on SQLite."""
        sql, params = super().process_lhs(compiler, connection, lhs)
        return (sql if connection.vendor == "postgresql" else f"unicode_lower({sql})"), params

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        """Contains has escaped %, _ and \\."""
        return f"ILIKE {rhs}" if connection.vendor == "postgresql" else f"LIKE unicode_lower({rhs}) ESCAPE '\\'"


class Pattern(models.TextField):  # type: ignore[type-arg]
    """Words that `ilike` is given by a slot."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> str:
        """What Contains makes of a plain value."""
        return f"%{connection.ops.prep_for_like_query(value)}%"


class Keys(models.Field):  # type: ignore[type-arg]
    """Any number of keys as one value: `IN` is another statement for each number of them."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """An array, or JSON for SQLite, which has none."""
        if connection.vendor == "postgresql":
            return list(value)
        return orjson.dumps([key.hex for key in value]).decode()


@models.UUIDField.register_lookup
class Among(Lookup[Any]):
    """One of the keys in a slot."""

    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """The column compared with all of them."""
        column, params = self.process_lhs(compiler, connection)
        keys, more = compiler.compile(self.rhs)
        is_one = "= ANY(%s)" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
        return f"{column} {is_one % keys}", [*params, *more]


def add_unicode_lower(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Give a new connection to SQLite the function that ILike needs."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("unicode_lower", 1, _lower, deterministic=True)


def _lower(text: str | None) -> str | None:
    return text.lower() if text else text
