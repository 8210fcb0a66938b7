"""Template filters and tags that every template has: dates in the reader's form and zone, and avatars."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.template import Library
from django.utils import timezone, translation
from django.utils.html import format_html

from therapybridge.core import dates
from therapybridge.core.initials import colour, initials

register = Library()
ABSENT = "–"  # noqa: RUF001 (a dash, as in all tables)


def _element(at: Any, shown: Callable[[Any], str]) -> str:
    """A time element; a moment tells its zone on hover. A dash for nothing."""
    if not at:
        return ABSENT
    if isinstance(at, datetime):
        local = timezone.localtime(at)
        return format_html(
            '<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), dates.zoned(at), shown(at)
        )
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), shown(at))


@register.simple_tag
def page_language() -> str:
    """The language of the page, in the reader's locale, for scripts and speech."""
    return "en-US" if translation.get_language() == "en-us" else "en-GB"


@register.simple_tag
def avatar(person: Any) -> str:
    """The person's initials on a colour of their own; decoration, since the name stands beside it."""
    letters = initials(person.first_name, person.last_name)
    return format_html('<span class="avatar avatar--{}" aria-hidden="true">{}</span>', colour(person.pk), letters)


@register.simple_tag
def clocks(first_at: datetime, last_at: datetime) -> str:
    """From when to when of a day; one time if they are read as the same."""
    if dates.clock(first_at) == dates.clock(last_at):
        return clock(first_at)
    return format_html("{} to {}", clock(first_at), clock(last_at))


@register.simple_tag
def today() -> str:
    """Today's date with its weekday."""
    return _element(timezone.localdate(), dates.weekday)


@register.filter
def day(at: date | datetime | None) -> str:
    """The day."""
    return _element(at, dates.day)


@register.filter
def weekday(at: date | datetime | None) -> str:
    """The day with its weekday."""
    return _element(at, dates.weekday)


@register.filter
def moment(at: datetime | None) -> str:
    """The day and the time."""
    return _element(at, dates.moment)


@register.filter
def clock(at: datetime | None) -> str:
    """The time of a day that is known."""
    return _element(at, dates.clock)


@register.filter
def zoned(at: datetime | None) -> str:
    """The day, the time and the zone."""
    return _element(at, dates.zoned)


@register.filter
def age(at: datetime | None) -> str:
    """How long ago; the moment on hover."""
    return _element(at, dates.age)


@register.filter
def month(at: date) -> str:
    """The month as plain text."""
    return dates.month(at)


@register.filter
def iso_day(at: date) -> str:
    """The day for links and attributes, never to be read."""
    return at.isoformat()
