"""Django's caches of Redis and of the process's own memory, with a counter for the rate limits."""

from functools import cached_property
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache


class CountingRedisCache(RedisCache):
    """Adds `count`; Django's `add` and `incr` would ask three times, and make a new client for each."""

    def count(self, key: str, seconds: int) -> int:
        """Count one use and return how many there were; the count ends `seconds` after its first.

        If the process dies between its first use and the expiry, a key remains; no later window counts with it.
        """
        name = self.make_and_validate_key(key)
        used: int = self._client.incr(name)
        if used == 1:
            self._client.expire(name, seconds)
        return used

    @cached_property
    def _client(self) -> Any:
        return self._cache.get_client(None, write=True)


class CountingLocMemCache(LocMemCache):
    """Counts for this process alone."""

    def count(self, key: str, seconds: int) -> int:
        """Count one use and return how many there were; the count ends `seconds` after its first."""
        self.add(key, 0, seconds)
        used: int = self.incr(key)
        return used
