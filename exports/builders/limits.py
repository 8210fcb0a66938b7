"""How long a document may take, whatever it becomes, and whether somebody still waits for it.

Builders ask between small parts of their work, so that nothing is interrupted in the middle of one.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from therapybridge.core.errors import DomainError

Check = Callable[[], None]
T = TypeVar("T")
MAX_SECONDS = 300  # on the wall, on a machine that has other work


class TooMuchToDraw(DomainError):
    """A record that no machine draws in a time that anybody waits."""

    code = "too_much_to_draw"
    status = 422
    title = "This is too much for one document. Choose a shorter period or fewer sessions, or another kind of file"


def nothing() -> None:
    """The check of a document that somebody waits for to the end."""


_asked: ContextVar[Check] = ContextVar("_asked", default=nothing)


@contextmanager
def limited(check: Check = nothing) -> Iterator[None]:
    """What is built within may take MAX_SECONDS; `check` raises once nobody waits for it any more."""
    until = time.monotonic() + MAX_SECONDS

    def ask() -> None:
        check()
        if time.monotonic() >= until:
            raise TooMuchToDraw

    token = _asked.set(ask)
    try:
        yield
    finally:
        _asked.reset(token)


def go_on() -> None:
    """TooMuchToDraw when the time is over, or what the check raises; nothing outside of `limited`."""
    _asked.get()()


def each_in_time(parts: Iterable[T]) -> Iterator[T]:
    """The same parts, asking before each."""
    for part in parts:
        go_on()
        yield part
