"""Events of the timeline."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event; one that is derived from another row names it in `source_type` and `source`."""

    id: UUID
    kind: str
    label: str
    subtype: str = ""
    happened_at: datetime
    day: date | None = None
    title: str
    description: str = ""
    importance: str
    is_private: bool = False
    source_type: str = ""
    source: UUID | None = None
    therapist: UUID | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def is_derived(self) -> bool:
        """Whether it comes from a row that the record holds elsewhere."""
        return self.source is not None
