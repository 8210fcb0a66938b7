"""Visits: checks that apply to every page."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from e2e.browser import keep_screenshot

LOOKS = [(theme, width) for theme in ("light", "dark") for width in (1440, 390)]


def _look(page):
    """Do nothing."""


@dataclass(frozen=True)
class Visit:
    """Visitor, URL, steps, expected status, and rules to skip on third-party pages."""

    name: str
    who: str | None
    path: str
    perform: Callable[..., None] = _look
    status: int = 200
    foreign: tuple[str, ...] = ()

    @property
    def only_looks(self):
        """Whether a signed-in person opens the page and does nothing there."""
        return self.who is not None and self.perform is _look


class Onlookers:
    """Browser contexts for visits; those that only look share one for each person and look.

    Nothing is left there for the next visit but scripts and styles in the cache: to open a new context and to fetch
    all of them takes longer than to check the page.
    """

    def __init__(self, browser, base, cookies_of):
        self.browser, self.base, self.cookies_of = browser, base, cookies_of
        self.contexts = {}

    def page(self, visit, look, open_context):
        """A new page in a theme and width, signed in as the visitor."""
        options = {"storage_state": self.cookies_of(visit.who)} | looks(look)
        if not visit.only_looks:
            return open_context(**options).new_page()
        key = visit.who, look
        if key not in self.contexts:
            self.contexts[key] = self.browser.new_context(base_url=self.base, **options)
        return self.contexts[key].new_page()

    def close(self):
        for context in self.contexts.values():
            context.close()


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
