"""Searching text without regard to case, alike on both databases."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Contains


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


def add_unicode_lower(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Give a new connection to SQLite the function that ILike needs."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("unicode_lower", 1, _lower, deterministic=True)


def _lower(text: str | None) -> str | None:
    return text.lower() if text else text
