"""Visits: checks that apply to every page."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from e2e.browser import keep_screenshot

LOOKS = [(theme, width) for theme in ("light", "dark") for width in (1440, 390)]


@dataclass(frozen=True)
class Visit:
    """Visitor, URL, steps, expected status, and rules to skip on third-party pages."""

    name: str
    who: str | None
    path: str
    perform: Callable[..., None] = lambda page: None
    status: int = 200
    foreign: tuple[str, ...] = ()


def every_look(visits):
    """Run a test for each of the visits, in both themes, at desktop and phone width.

    The looks take turns: of each visit, all but one are marked `another_look` and left out of a quick round.
    """
    rounds = [
        pytest.param(visit, look, id=f"{visit.name}-{look[0]}-{look[1]}", marks=_marks(turn, place))
        for turn, visit in enumerate(visits)
        for place, look in enumerate(LOOKS)
    ]
    return pytest.mark.parametrize(("visit", "look"), rounds)


def _marks(turn, place):
    return () if place == turn % len(LOOKS) else pytest.mark.another_look


def looks(look):
    """The options of a browser context for one theme and width."""
    theme, width = look
    return {"viewport": {"width": width, "height": 900}, "color_scheme": theme, "reduced_motion": "reduce"}


def pay(visit, look, watch, places):
    """Open the page, run its steps, take a screenshot, and expect the status and no defects."""
    watch.page.goto(visit.path.format(**places))
    visit.perform(watch.page)
    keep_screenshot(watch.page, f"{visit.name}-{look[0]}-{look[1]}")
    defects = watch.all_defects(except_rules=visit.foreign)
    assert not defects, "\n".join(defects)
    assert watch.statuses[-1] == visit.status
