"""Makes any text fit for paper: what no font and no XML can hold is shown as a mark, never dropped in silence."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from exports.builders.limits import each_in_time

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
# Control characters but for tab and line feed, lone surrogates, non-characters, and marks that turn the order of the
# letters that follow: with these, a line could read differently from what is stored.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ENDLESS = re.compile(r"\S{71,}")  # longer than a hash
_PART = re.compile(r"\S{10}(?=\S)")  # as much as stands in a narrow column
_BETWEEN = re.compile(r"\n\s*\n")
_RIGHT_TO_LEFT = {"R", "AL"}
MOST_OF_A_NAME = 60  # letters, in the line that is repeated on each page


class Text(str):
    """Text that is fit for paper, and what a builder has to know of it."""

    __slots__ = ()

    @property
    def paragraphs(self) -> list["Text"]:
        """Parts between empty lines."""
        return [Text(part) for part in _BETWEEN.split(self) if part.strip()]

    @property
    def is_rtl(self) -> bool:
        """Whether the first letter that has a direction goes to the left."""
        return _is_right_to_left(self)


def fit(text: str) -> Text:
    """The text with each unfit character shown as a mark, and lines ended in one way."""
    return Text(_UNFIT.sub(UNKNOWN, _ENDS.sub("\n", text)))


def breakable(text: str) -> Text:
    """The text with places to break in words that are longer than any line; laying out one without takes minutes.

    They are close to each other: of a column that is narrower than the distance, all text is laid out for each line.
    """
    return Text(_ENDLESS.sub(lambda word: _PART.sub("\\g<0>\N{ZERO WIDTH SPACE}", word[0]), text))


def fitted(value: Any, change: Callable[[str], Text] = fit) -> Any:
    """The same outline with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return type(value)(fitted(one, change) for one in each_in_time(value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: fitted(getattr(value, one.name), change) for one in fields(value)})
    return value


def _is_right_to_left(text: str) -> bool:
    if text.isascii():
        return False
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction == "L":
            return False
        if direction in _RIGHT_TO_LEFT:
            return True
    return False


def shortened(text: str, most: int = MOST_OF_A_NAME) -> str:
    """On one line, and cut after so many letters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
