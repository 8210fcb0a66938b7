"""Routes that are found by their parts: Django tries each pattern in turn, and of hundreds the last ones come dear.

A path can match only routes of as many parts as it has, whose first and last part it shares, unless these are
variables. Those are tried in the order in which they are written, by Django itself; a path that none of them matches
is left to Django as before.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

MOST_KEPT = 512  # shapes: more than our own routes have
Route = URLPattern | URLResolver
Shape = tuple[int, str, str]  # how many parts, the first and the last one


def found_by_parts(included: URLResolver) -> URLResolver:
    """The same `path("…", include(…))`, in which routes are found faster."""
    return _Indexed(
        included.pattern, included.urlconf_name, included.default_kwargs, included.app_name, included.namespace
    )


class _Indexed(URLResolver):
    def resolve(self, path: Any) -> ResolverMatch:
        """The first match in order; Resolver404 as from Django."""
        match = self.pattern.match(str(path))
        if not match:
            return super().resolve(path)
        try:
            return self._likely(self._shape(match[0])).resolve(path)
        except Resolver404:
            return super().resolve(path)  # tries all, and says so when it refuses

    def _shape(self, path: str) -> Shape:
        first, last = _first_and_last(path)
        return path.count("/"), first if first in self._ends else "", last if last in self._ends else ""

    @cached_property
    def _ends(self) -> frozenset[str]:
        """What a route may begin or end with, unless it is a variable."""
        return frozenset(part for route in _routes(self.url_patterns) for part in _first_and_last(route))

    @cached_property
    def _likely(self) -> Callable[[Shape], URLResolver]:
        return lru_cache(MOST_KEPT)(lambda shape: _with(self, _fitting(self.url_patterns, "", shape)))


def _first_and_last(path: str) -> tuple[str, str]:
    return path.partition("/")[0], path.rpartition("/")[2]


def _with(resolver: URLResolver, routes: Iterator[Route]) -> URLResolver:
    return URLResolver(resolver.pattern, list(routes), resolver.default_kwargs, resolver.app_name, resolver.namespace)


def _routes(patterns: Sequence[Route], before: str = "") -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        else:
            yield route


def _fitting(patterns: Sequence[Route], before: str, shape: Shape) -> Iterator[Route]:
    for one in patterns:
        route = before + str(one.pattern)
        if not isinstance(one.pattern, RoutePattern):  # a regular expression, of which nothing is known
            yield one
        elif isinstance(one, URLPattern):
            if _fits(route, shape):
                yield one
        elif (inner := _with(one, _fitting(one.url_patterns, route, shape))).url_patterns:
            yield inner


def _fits(route: str, shape: Shape) -> bool:
    if "<path:" in route:  # any number of parts
        return True
    slashes, *ends = shape
    agree = ("<" in own or own == given for own, given in zip(_first_and_last(route), ends, strict=True))
    return route.count("/") == slashes and all(agree)
