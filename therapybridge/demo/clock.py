"""The time of the story: what is seeded happened on the day that it tells of, and every row says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock

from django.utils import timezone


@contextmanager
def story_time(at: datetime) -> Iterator[None]:
    """Let every service take `at` for the present. Only for a process that does nothing but seed."""
    with mock.patch.object(timezone, "now", return_value=at):
        yield
