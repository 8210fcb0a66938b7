"""How many rows of several kinds wait for somebody, in one statement: every page has the menu."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from therapybridge.core.compiled import Compiled, built_once, counts, given_by, reader_of_role

MOST = 99  # more are not counted

Rows = Callable[[Any], QuerySet[Any]]


def count_waiting(user: Any, kinds: Sequence[Rows]) -> list[str]:
    """For each kind: nothing for no row, and "99+" for more than a person would count.

    The querysets are made for `reader_of_role`, and of the time they may ask only the database.
    """
    return [_told(number) for number in counts(_waiting(user.role, tuple(kinds)), **given_by(user))]


@built_once
def _waiting(role: str, kinds: tuple[Rows, ...]) -> list[Compiled]:
    reader = reader_of_role(role)
    return [Compiled(rows(reader).order_by().values("pk")[: MOST + 1]) for rows in kinds]


def _told(number: int) -> str:
    return f"{MOST}+" if number > MOST else str(number or "")
