"""What waits for a therapist on Today: apps above the page that shows it declare where their items come from.

An item has `row`, for the audit trail, `patient`, `pill` with its `look` (a class of `pill--`), `due_date`, `url` and
`action`.
"""

from collections.abc import Callable
from typing import Any

Source = Callable[[Any, int], list[dict[str, Any]]]
_sources: list[Source] = []


def declare_waiting(source: Source) -> None:
    """Add a source: for a person, at most so many items, the most urgent first."""
    _sources.append(source)


def declared_items(user: Any, most: int) -> list[dict[str, Any]]:
    """The items of all sources."""
    return [item for source in _sources for item in source(user, most)]
