"""Template filters and tags that every template has: dates in the reader's form and zone, and avatars."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any

from django.template import Context, Library
from django.template.defaultfilters import floatformat, truncatechars
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join

from therapybridge.core import dates
from therapybridge.core.initials import colour, initials
from therapybridge.core.pages import slots

register = Library()
ABSENT = "–"  # noqa: RUF001 (a dash, as in all tables)


def _element(at: Any, shown: Callable[[Any], str]) -> str:
    """A time element; a moment tells its zone on hover. A dash for nothing."""
    if not at:
        return ABSENT
    if isinstance(at, datetime):
        made = _new_moment_element if shown is dates.age else _moment_element
        return made(at, shown, translation.get_language(), timezone.get_current_timezone())
    return _day_element(at, shown, translation.get_language())


def _new_moment_element(at: datetime, shown: Callable[[Any], str], _language: str | None, _zone: tzinfo) -> str:
    """How long ago something was is another time when it is read again."""
    local = timezone.localtime(at).isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}">{}</time>', local, dates.zoned(at), shown(at))


# A list's moments are the same when it is read again, and writing one takes as long as the rest of its row.
_moment_element = lru_cache(maxsize=4096)(_new_moment_element)


@lru_cache(maxsize=4096)
def _day_element(at: date, shown: Callable[[Any], str], _language: str | None) -> str:
    """A day has the same form in every zone: tables of hundreds need not write each anew."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), shown(at))


@lru_cache(maxsize=4096)
def _number(value: float, _language: str | None) -> str:
    return floatformat(value)


@register.filter
def number_rows(dots: Sequence[Any]) -> str:
    """Table rows of each `day` and its `value`, the latest first: 500 in a third of the time of a template's loop."""
    language = translation.get_language()
    shown = ((day(dot.day), _number(dot.value, language)) for dot in reversed(dots))
    return format_html_join("\n", '<tr><td>{}</td><td class="table__num">{}</td></tr>', shown)


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, size: str = "") -> str:
    """A drawing of img/icons.svg; decoration, since words stand beside it."""
    look = f"icon icon--{size}" if size else "icon"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}" /></svg>',
        look,
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def progress_bar(percent: int, of: str) -> str:
    """How far something has come, as a bar and a number."""
    return format_html(
        '<div class="progress-bar"><progress max="100" value="{0}" aria-label="Progress: {1}">{0}%</progress>'
        '<span class="num">{0}%</span></div>',
        str(percent),
        truncatechars(of, 60),
    )


@register.simple_tag
def page_language() -> str:
    """The language of the page, in the reader's locale, for scripts and speech."""
    return "en-US" if translation.get_language() == "en-us" else "en-GB"


@register.simple_tag
def avatar(person: Any) -> str:
    """The person's initials on a colour of their own; decoration, since the name stands beside it."""
    letters = initials(person.first_name, person.last_name)
    return format_html('<span class="avatar avatar--{}" aria-hidden="true">{}</span>', colour(person.pk), letters)


@register.filter
def hour(at: time) -> str:
    """A time of any day, on the person's own clock."""
    return dates.hour(at)


@register.simple_tag
def clocks(first_at: datetime, last_at: datetime) -> str:
    """From when to when of a day; one time if they are read as the same."""
    if dates.clock(first_at) == dates.clock(last_at):
        return clock(first_at)
    return format_html("{} to {}", clock(first_at), clock(last_at))


@register.inclusion_tag("_slot.html", takes_context=True)
def slot(context: Context, name: str, key: object = None) -> dict[str, Any]:
    """What apps of higher floors show here, about the row `key`."""
    return {"links": list(slots.links(name, context["request"].user, key))}


@register.inclusion_tag("_offers.html", takes_context=True)
def offers(context: Context, name: str, key: object = None, look: str = "button", **query: Any) -> dict[str, Any]:
    """Links of apps of higher floors, about the row `key`."""
    found = slots.offers(name, context["request"].user, key, query)
    return {"offers": list(found), "look": look}


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
