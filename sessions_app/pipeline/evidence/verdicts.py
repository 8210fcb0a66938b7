"""What a check says about a statement. Checks can only lower: of several verdicts the lowest counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["supported", "check", "refused"]
_RANK: dict[State, int] = {"refused": 0, "check": 1, "supported": 2}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state and its reason, a short stable word without content; empty if supported."""

    state: State
    reason: str = ""


SUPPORTED = Verdict("supported")


def check(reason: str) -> Verdict:
    """A person has to look."""
    return Verdict("check", reason)


def refused(reason: str) -> Verdict:
    """It must not be shown."""
    return Verdict("refused", reason)


def lowest(verdicts: Iterable[Verdict]) -> Verdict:
    """The first of the lowest verdicts; supported if there are none."""
    return min(verdicts, key=lambda verdict: _RANK[verdict.state], default=SUPPORTED)
