"""The statements of a draft: which may be used, with the decisions about them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sessions_app.models import Extraction, StatementReview

EARLIER = "earlier"  # the reason of statements from before every statement had a state
Decision = StatementReview.Decision
Change = Callable[[str, dict[str, Any]], dict[str, Any] | None]
_RISK = "risk_"  # phrases to review, and what was not looked for: no statements


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft with the decisions about it: each statement is `supported`, `check` or `kept`; deleted ones are gone."""

    notes: dict[str, Any]
    kept: int
    deleted: int
    to_check: int

    @property
    def is_earlier(self) -> bool:
        """Whether it was drafted before the present checks, so that nothing in it is supported."""
        return any(item["reason"] == EARLIER for _, item in statements(self.notes))


def reviewed(extraction: Extraction) -> Reviewed:
    """The draft with the decisions of therapists; a kept statement names who kept it and when."""
    decided = {review.statement: review for review in extraction.reviews.select_related("decided_by")}
    notes = mapped(extraction.notes, lambda key, item: _decided(key, item, decided.get(key)))
    states = [item["state"] for _, item in statements(notes)]
    deleted = sum(review.decision == Decision.DELETED for review in decided.values())
    return Reviewed(notes, kept=states.count("kept"), deleted=deleted, to_check=states.count("check"))


def usable(notes: Mapping[str, Any]) -> dict[str, Any]:
    """The notes of `Reviewed` that may be passed on, to a printed page, the patient or anybody else."""
    return mapped(notes, lambda key, item: item if item["state"] in {"supported", "kept"} else None)


def statements(notes: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Field and item of every statement; phrases to review are no statements."""
    for name, value in notes.items():
        if not name.startswith(_RISK):
            yield from ((name, item) for item in _items(value))


def undecided(key: str, item: dict[str, Any]) -> dict[str, Any]:
    """The item with id, state and reason, also if it is older than these."""
    return {"id": key, "state": "check", "reason": EARLIER} | item


def _decided(key: str, item: dict[str, Any], review: StatementReview | None) -> dict[str, Any] | None:
    plain = undecided(key, item)
    if review is None:
        return plain
    if review.decision == Decision.DELETED:
        return None
    by = review.decided_by.full_name if review.decided_by else ""
    return plain | {"state": "kept", "kept_by": by, "kept_at": review.created_at}


def mapped(notes: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """The notes with every statement changed, or left out where the change is None."""

    def of(name: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        changed = (change(item.get("id", f"{name}-{at}"), item) for at, item in enumerate(items))
        return [item for item in changed if item is not None]

    result: dict[str, Any] = {}
    for name, value in notes.items():
        if name.startswith(_RISK):
            result[name] = value
        elif isinstance(value, list):
            result[name] = of(name, value)
        elif value and "statements" in value:
            result[name] = {"statements": of(name, value["statements"])}
        else:
            result[name] = change(name, value) if value else None
    return result


def _items(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return value
    if value and "statements" in value:
        found: list[dict[str, Any]] = value["statements"]
        return found
    return [value] if value else []
