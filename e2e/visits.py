"""A visit to a page, and what every page is held to."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from e2e.browser import keep_screenshot

LOOKS = [(theme, width) for theme in ("light", "dark") for width in (1440, 390)]


@dataclass(frozen=True)
class Visit:
    """Who goes where, what they do there, the status of the last page, and rules that a page not of ours breaks."""

    name: str
    who: str | None
    path: str
    act: Callable[..., None] = lambda page: None
    status: int = 200
    foreign: tuple[str, ...] = ()


def every_look(visits):
    """Run a test for each of the visits, in both themes, on a desk and on a phone.

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
    """How a window is opened for a look."""
    theme, width = look
    return {"viewport": {"width": width, "height": 900}, "color_scheme": theme, "reduced_motion": "reduce"}


def pay(visit, look, watch, places):
    """Go there, act, take the picture, and expect the status and no defect."""
    watch.page.goto(visit.path.format(**places))
    visit.act(watch.page)
    keep_screenshot(watch.page, f"{visit.name}-{look[0]}-{look[1]}")
    defects = watch.all_defects(except_rules=visit.foreign)
    assert not defects, "\n".join(defects)
    assert watch.statuses[-1] == visit.status
