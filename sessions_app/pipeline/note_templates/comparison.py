"""What the draft proposed for a field beside what stands there now, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal, get_args

from sessions_app.pipeline.note_templates.values import as_figure

Kind = Literal["equal", "insert", "delete"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# A word goes with the white space after it, so that unchanged blanks between changed words are no runs of their own.
_WORD = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Run:
    """Words that are equal in both texts, inserted in the second, or deleted from the first."""

    kind: Kind
    text: str


def compare_words(before: str, after: str) -> list[Run]:
    """Runs in order: the equal and deleted ones are `before`, the equal and inserted ones `after`."""
    return [Run(kind, text) for kind, text in _runs(_WORD.findall(before), _WORD.findall(after)) if text]


def as_text(value: Any) -> str:
    """The value of a field of any type as text; empty for None."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "; ".join(value)
    return as_figure(value) if isinstance(value, float) else "" if value is None else str(value)


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[Kind, str]]:
    for what, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            yield "equal", "".join(old[start:end])
        else:
            yield "delete", "".join(old[start:end])
            yield "insert", "".join(new[new_start:new_end])
