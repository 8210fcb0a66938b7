"""Slots: places on a page that apps of higher floors fill with a fragment of their own, or with a link.

A page names its slots with the tag `slot`, and an app declares in a `navigation` module, which `AppConfig.ready`
imports, the page that fills one. It is loaded by itself, and its link is there without scripts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Filling:
    """What fills `slot`, for people with one of `roles`: the page `view`, which gets the slot's key, if it has one.

    If `applies` says no of a key, nothing does: for what few rows have, at the price of a query on each page.
    """

    slot: str
    view: str
    label: str
    roles: tuple[str, ...]
    order: int = 100
    applies: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A link in `slot`, for people with one of `roles`: to the page `view` of the slot's key, if it has one."""

    slot: str
    view: str
    label: str
    roles: tuple[str, ...]
    icon: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


_declared: list[Filling] = []
_offered: list[Offer] = []


def fill(*fillings: Filling) -> None:
    """Fill slots; the same page fills one only once."""
    for filling in fillings:
        if filling not in _declared:
            _declared.append(filling)


def offer(*offers: Offer) -> None:
    """Add links to slots; the same one only once."""
    for one in offers:
        if one not in _offered:
            _offered.append(one)


def offers(slot: str, user: Any, key: object | None, query: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The address, label and icon of each link that the person gets in a slot; the page adds to the `query`."""
    for one in _offered:
        if one.slot == slot and getattr(user, "role", "") in one.roles:
            asked = urlencode({**one.query, **query})
            url = reverse(one.view, args=[] if key is None else [key])
            yield {"url": f"{url}?{asked}" if asked else url, "label": one.label, "icon": one.icon}


def links(slot: str, user: Any, key: object = None) -> Iterator[dict[str, str]]:
    """The address and label of each fragment that the person gets in a slot."""
    for filling in sorted(_declared, key=lambda one: one.order):
        is_for = filling.slot == slot and getattr(user, "role", "") in filling.roles
        if is_for and (filling.applies is None or filling.applies(key)):
            yield {"url": reverse(filling.view, args=[] if key is None else [key]), "label": filling.label}
