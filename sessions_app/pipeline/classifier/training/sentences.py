"""The sentences that the classifier is trained with: invented, by several hands, each file by one."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from sessions_app.pipeline.drafting.schema import RiskType

FOLDER = Path(__file__).parent / "corpus"
TYPES: Mapping[str, RiskType] = {  # of the risky kinds; the harmless ones have none
    "passive_wish": "suicidal_ideation",
    "burden": "suicidal_ideation",
    "active_ideation": "suicidal_ideation",
    "means": "suicidal_ideation",
    "preparation": "suicidal_ideation",
    "plan_or_date": "suicidal_ideation",
    "past_attempt": "suicidal_ideation",
    "explicit": "suicidal_ideation",
    "self_harm": "self_harm",
    "command_voices": "crisis",
    "goodbye_or_hopeless": "crisis",
    "threat_to_others": "harm_to_others",
    "abuse_suffered": "abuse",
    "abuse_of_child_or_dependant": "abuse",
    "overdose_or_substance_danger": "substance",
}


# The parser in C, where PyYAML has it, takes an eighth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Sentence(NamedTuple):
    """One thing that a patient or a relative says."""

    text: str
    kind: str
    language: str
    risky: bool
    source: str  # its file


def load(folder: Path = FOLDER) -> list[Sentence]:
    """All, in a fixed order."""
    return [
        Sentence(**entry, source=path.stem)
        for path in sorted(folder.glob("*.yaml"))
        for entry in yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506  a SafeLoader
    ]
