"""Reading single rows, and conditions that are asked of each row."""

from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, Model, QuerySet

T = TypeVar("T", bound=Model)


def only_one(rows: QuerySet[T], **key: Any) -> T | None:
    """The row of a unique key, or None.

    Unlike `first`, it does not sort: to put a model's default order into SQL takes longer than to run it.
    """
    return next(iter(rows.filter(**key).order_by()[:1]), None)


class ForEachRow(Exists):
    """An Exists that PostgreSQL asks of each row, or answers from a table of hashes, but never makes a join.

    After an import or a restore the planner knows nothing of the rows yet, takes a clinic for one of few patients, and
    joins all of them to each session: seconds for what takes a millisecond. It makes no join of what IS TRUE tests.
    """

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        """The same condition, tested."""
        sql, params = self.as_sql(compiler, connection, **context)
        return f"({sql} IS TRUE)", params


class OneByOne(Exists):
    """An Exists that is asked of each row, and never answered from a table of all rows of its query.

    Where a page of few rows is looked for, PostgreSQL would read all that a practice has before it finds the first.
    """

    template = "((%(subquery)s) IS NOT NULL)"
