"""The time of the story: what is seeded happened on the day that it tells of, and every row and key says so."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from uuid_utils import compat

TICK = timedelta(milliseconds=1)
# A uuid7: 48 bits of milliseconds, the version, 12 random bits, the variant, 62 random bits.
TIME_SHIFT, VERSION, VARIANT = 80, 7 << 76, 2 << 62


def refuse_production() -> None:
    """ImproperlyConfigured in production, where nothing may be invented, and no row may say that it is older."""
    if settings.IS_PRODUCTION:
        raise ImproperlyConfigured("This is production: there is no demonstration here.")


@contextmanager
def story_time(at: datetime) -> Iterator[None]:
    """Let every service take `at` for the present. Only for a process that does nothing but seed.

    Each look at the clock is a little later than the one before, so that keys keep the order of what was done.
    """
    refuse_production()
    ticking = _Clock(at)
    with (
        mock.patch.object(timezone, "now", side_effect=ticking.now),
        mock.patch.object(compat, "uuid7", side_effect=ticking.key),
    ):
        yield


class _Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        self.at += TICK
        return self.at

    def key(self) -> UUID:
        milliseconds = int(self.now().timestamp() * 1000)
        chance = secrets.randbits(12) << 64 | secrets.randbits(62)
        return UUID(int=milliseconds << TIME_SHIFT | VERSION | VARIANT | chance)
