"""Work on many rows one after another, where a row on which it fails must not keep the others waiting."""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from therapybridge.core.models import short_id

log = structlog.get_logger(__name__)
DELETED_AT_ONCE = 500


class RowsFailed(Exception):
    """The work failed on `failed` rows, each of which was logged with its error; `done` is what it came to elsewhere.

    The task that raises it fails, so that whoever runs the installation sees it; the next run tries these rows again.
    """

    def __init__(self, done: int, failed: int) -> None:
        self.done, self.failed = done, failed
        super().__init__(f"{failed} failed, {done} were done")


def each_alone(rows: Iterable[Any], work: Callable[[Any], int], *, event: str) -> int:
    """The sum of what `work` returns, in a transaction for each row; RowsFailed, after the last, if it failed on some.

    `event` names a failure in the log. Without a database or time nothing can be done for any row, so that ends it at
    once.
    """
    done = failed = 0
    for row in rows:
        try:
            with transaction.atomic():
                done += work(row)
        except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
            raise
        except Exception:
            failed += 1
            log.exception(event, row=short_id(row.pk))
    if failed:
        raise RowsFailed(done, failed)
    return done


def in_turn(*parts: Callable[[], int]) -> int:
    """The sum of several such works, each of which is done though rows failed in those before it; then RowsFailed."""
    done = failed = 0
    for part in parts:
        try:
            done += part()
        except RowsFailed as error:
            done, failed = done + error.done, failed + error.failed
    if failed:
        raise RowsFailed(done, failed)
    return done


def delete_in_batches(rows: QuerySet[Any]) -> int:
    """Delete so many at a time, however many there are: a single statement would keep everybody waiting."""
    deleted, rows = 0, rows.order_by("pk")
    while keys := list(rows.values_list("pk", flat=True)[:DELETED_AT_ONCE]):
        deleted += rows.model._base_manager.filter(pk__in=keys).delete()[0]
    return deleted
