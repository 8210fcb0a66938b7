"""What would become of a file, line by line; nothing of it is kept before somebody has seen this."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from exports.transfers.choices import LineState
from therapybridge.core.errors import Conflict


class FileChanged(Conflict):
    """What would be added is not what somebody has seen: the file, or the patients here, are others now."""

    code = "file_changed"
    title = "Something has changed since this was shown. Look at it again before you add it"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is left out: a code that stays, the column, and a sentence for people."""

    code: str
    column: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the file, by its number; `values` are what a service takes, `hints` for people to think about."""

    number: int
    label: str
    details: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    hints: Sequence[str] = ()
    is_known: bool = False

    @property
    def state(self) -> LineState:
        """What becomes of it."""
        if self.problems:
            return LineState.REFUSED
        return LineState.KNOWN if self.is_known else LineState.NEW


@dataclass(frozen=True, slots=True)
class Preview:
    """`columns` are those of the file with what each is taken for, nothing if it is not used."""

    columns: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    told_of: Sequence[UUID] = ()  # patients of colleagues whom hints are about

    def of(self, state: LineState) -> list[Line]:
        """The lines in this state."""
        return [line for line in self.lines if line.state == state]

    @property
    def new(self) -> list[Line]:
        """What would be added."""
        return self.of(LineState.NEW)

    @property
    def digest(self) -> str:
        """Stands for exactly what would be added."""
        told = [
            [line.number, *((name, getattr(one, "pk", one)) for name, one in line.values.items())] for line in self.new
        ]
        return sha256(repr(told).encode()).hexdigest()

    def require_seen(self, digest: str) -> None:
        """FileChanged unless exactly this was shown."""
        if self.digest != digest:
            raise FileChanged


# Adds a line in the transaction of all of them.
Adder = Callable[[Line], object]
