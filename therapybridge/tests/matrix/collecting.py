"""Collects routes and methods from the URL conf, and tasks from Celery."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.urls import URLResolver, get_resolver

from accounts.access import guard_of
from therapybridge.celery import app

# A place in an address that a regular expression describes; which values it takes is not the route's name.
PLACE = re.compile(r"\(\?P<(\w+)>[^)]*\)")
# HEAD follows GET and has cells of its own; OPTIONS tells names and has one class for all.
IMPLIED = {"HEAD", "OPTIONS", "TRACE"}
View = Callable[..., Any]


def routes(patterns: list[Any] | None = None) -> dict[str, set[str]]:
    """Route → methods; of duplicate routes, the first one responds."""
    found: dict[str, set[str]] = {}
    for route, view, _ in _walk(get_resolver().url_patterns if patterns is None else patterns):
        if route not in found:
            found[route] = methods_of(view)
    return found


def owners() -> dict[str, str]:
    """Route or task → the app that defines it."""
    found = {name: name.partition(".")[0] for name in tasks()}
    for route, _, package in _walk(get_resolver().url_patterns):
        found.setdefault(route, _app_of_admin(route) or package)
    return found


def _app_of_admin(route: str) -> str:
    """Model pages of the admin site: admin/<app>/<model>/…"""
    site, _, rest = route.partition("/")
    label = rest.partition("/")[0]
    return label if site == "admin" and apps.is_installed(label) else ""


def _walk(patterns: list[Any], prefix: str = "", package: str = "therapybridge") -> Iterator[tuple[str, View, str]]:
    """Route, view, and the package of the URL conf."""
    for entry in patterns:
        route = prefix + PLACE.sub(r"<\1>", str(entry.pattern)).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            conf = getattr(entry.urlconf_name, "__name__", package)
            yield from _walk(entry.url_patterns, route, conf.partition(".")[0])
        else:
            yield route, entry.callback, package


def methods_of(view: View) -> set[str]:
    """The methods that the view declares; ANY if it declares none, which no listing allows."""
    return (_guarded(view) or _of_site(view) or _named(view) or _of_class(view) or {"ANY"}) - IMPLIED


def _guarded(view: Any) -> set[str]:
    """The methods allowed by a page's guard."""
    guard = guard_of(view)
    return set(guard.methods) if guard else set()


def _of_site(view: Any) -> set[str]:
    """The methods allowed by the admin site."""
    site = getattr(view, "admin_site", None) or getattr(getattr(view, "model_admin", None), "admin_site", None)
    return set(site.methods) if site else set()


def _of_class(view: Any) -> set[str]:
    """The methods of a class-based view or view set."""
    if actions := getattr(view, "actions", None):
        return {method.upper() for method in actions}
    owner = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return {name.upper() for name in owner.http_method_names if hasattr(owner, name)} if owner else set()


def _named(view: Any) -> set[str]:
    """The methods of Django's require_… decorators."""
    while view is not None:
        code = getattr(view, "__code__", None)
        cells = dict(zip(code.co_freevars, view.__closure__ or (), strict=False)) if code else {}
        if "request_method_list" in cells:
            return set(cells["request_method_list"].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return set()


def tasks() -> set[str]:
    """Names of our tasks."""
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith("celery.")}
