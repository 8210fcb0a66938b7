"""Django's caches of Redis and of the process's own memory, with a counter for the rate limits."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache


class CountingRedisCache(RedisCache):
    """Adds `count`; Django's `add` and `incr` would ask three times, and make a new client for each."""

    def count(self, keys: Sequence[str], seconds: int) -> list[int]:
        """Count one use of each and return how many there were; a count ends `seconds` after its first.

        If the process dies between a first use and the expiry, a key remains; no later window counts with it.
        """
        names = [self.make_and_validate_key(key) for key in keys]
        with self._client.pipeline(transaction=False) as asked:
            for name in names:
                asked.incr(name)
            used: list[int] = asked.execute()
        for name, number in zip(names, used, strict=True):
            if number == 1:
                self._client.expire(name, seconds)
        return used

    def uncount(self, key: str) -> None:
        """Take one use back."""
        self._client.decr(self.make_and_validate_key(key))

    @cached_property
    def _client(self) -> Any:
        return self._cache.get_client(None, write=True)


class CountingLocMemCache(LocMemCache):
    """Counts for this process alone."""

    def count(self, keys: Sequence[str], seconds: int) -> list[int]:
        """Count one use of each and return how many there were; a count ends `seconds` after its first."""
        for key in keys:
            self.add(key, 0, seconds)
        return [self.incr(key) for key in keys]

    def uncount(self, key: str) -> None:
        """Take one use back."""
        self.incr(key, -1)
