"""An entry of the technique library."""

from typing import Literal, NamedTuple


class EvidenceLevel(NamedTuple):
    """What a published guideline says, by its short name.

    recommended: the technique itself; component: a treatment that contains it; conditional: it may be considered.
    """

    level: Literal["recommended", "component", "conditional"]
    source: str


class TechniqueEntry(NamedTuple):
    """`pattern` is a regular expression over folded words (lower case, no apostrophes, single spaces).

    It must name the technique, not words that also mean something else. `evidence` is None where no guideline is known
    to us: that says nothing about the technique.
    """

    name: str
    modality: str
    category: str
    definition: str
    aliases: tuple[str, ...]
    pattern: str
    evidence: EvidenceLevel | None = None
