"""The navigation registry: apps declare entries, from which all menus are built.

Apps declare them in a `navigation` module, which `AppConfig.ready` imports.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse

from therapybridge.core.pages.counts import Rows, count_waiting

MAIN, MENU, ACCOUNT = "main", "menu", "account"  # side or bottom bar, user menu, account tabs


@dataclass(frozen=True, slots=True)
class Entry:
    """A menu entry, for people with one of `roles` (default: all).

    `covers` are prefixes of view names that belong to it. A phone's bottom bar has room for five entries, by their
    `short` names: the others need a link on a page of one of these. `waiting` are the rows that wait for the person and
    are counted (see `count_waiting`), `counted` says what they are.
    """

    label: str
    view: str
    order: int
    roles: tuple[str, ...] = ()
    icon: str = ""
    place: str = MAIN
    covers: tuple[str, ...] = ()
    when: Callable[[Any], bool] | None = None
    is_on_phones: bool = True
    short: str = ""
    waiting: Rows | None = None
    counted: str = "waiting for you"

    def is_for(self, user: Any) -> bool:
        """Whether it is shown to the person."""
        return (not self.roles or user.role in self.roles) and (self.when is None or self.when(user))


@dataclass(frozen=True, slots=True)
class Link:
    """An entry for the template; `current` is the value of aria-current."""

    label: str
    url: str
    icon: str
    current: str
    is_on_phones: bool = True
    short: str = ""
    count: str = ""
    counted: str = ""


_declared: list[Entry] = []


def declare(*entries: Entry) -> None:
    """Add entries to the menus; ImproperlyConfigured for duplicates of place, page and role."""
    for entry in entries:
        for known in _declared:
            shared = not known.roles or not entry.roles or set(known.roles) & set(entry.roles)
            if (known.place, known.view) == (entry.place, entry.view) and shared:
                raise ImproperlyConfigured(f"{entry.view!r} is already in the {entry.place} navigation.")
        _declared.append(entry)


class Navigation:
    """The menus of one request, evaluated lazily by templates."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def main(self) -> list[Link]:
        """The main menu: at the side, or at the bottom on phones."""
        return list(self._links(MAIN))

    def menu(self) -> list[Link]:
        """The user menu."""
        return list(self._links(MENU))

    def account(self) -> list[Link]:
        """The tabs of the account pages."""
        return list(self._links(ACCOUNT))

    def _links(self, place: str) -> Iterator[Link]:
        user = self._request.user
        if not user.is_authenticated:
            return
        here = self._request.resolver_match.view_name if self._request.resolver_match else ""
        shown = [entry for entry in _declared if entry.place == place and entry.is_for(user)]
        waiting = [entry.waiting for entry in shown if entry.waiting]
        counts = dict(zip(waiting, count_waiting(user, waiting), strict=True))
        is_listed = any(entry.view == here for entry in shown)
        for entry in sorted(shown, key=lambda entry: entry.order):
            below = "" if is_listed or not here.startswith(entry.covers) else "true"
            current = "page" if entry.view == here else below
            count = counts[entry.waiting] if entry.waiting else ""
            more = (entry.is_on_phones, entry.short, count, entry.counted)
            yield Link(entry.label, reverse(entry.view), entry.icon, current, *more)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the menus, for every template."""
    return {"navigation": Navigation(request)}
