"""Reading single rows."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

T = TypeVar("T", bound=Model)


def only_one(rows: QuerySet[T], **key: Any) -> T | None:
    """The row of a unique key, or None.

    Unlike `first`, it does not sort: to put a model's default order into SQL takes longer than to run it.
    """
    return next(iter(rows.filter(**key).order_by()[:1]), None)
