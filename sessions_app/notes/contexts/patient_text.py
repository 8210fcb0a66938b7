"""What a therapist can begin the patient's text with when nothing was drafted."""

from collections.abc import Mapping
from typing import Any

from sessions_app.models import Extraction, Transcript
from sessions_app.notes.services.statements import reviewed, usable
from sessions_app.pipeline.drafting.references import standing_alone
from sessions_app.pipeline.drafting.schema import RiskFlag
from sessions_app.pipeline.risk import protected_lines

MOST = 6


def agreed_homework(extraction: Extraction, transcript: Transcript) -> list[str]:
    """Homework of the draft to which the patient answered, but none that rests on lines about risk or beside them."""
    notes = usable(reviewed(extraction).notes)
    flags = [
        RiskFlag.model_validate({name: flag[name] for name in RiskFlag.model_fields}) for flag in notes["risk_flags"]
    ]
    lines = transcript.lines
    protected = protected_lines(lines, flags)
    answers = {line.index for line in lines if line.speaker == "patient"}
    agreed = [item["task"] for item in notes["action_items"] if _is_agreed(item, answers, protected)]
    return standing_alone(agreed)[:MOST]


def _is_agreed(item: Mapping[str, Any], answers: set[int], protected: set[int]) -> bool:
    cited = set(item["evidence"]["segments"])
    return item["category"] == "homework" and bool(cited & answers) and cited.isdisjoint(protected)


def as_text(homework: list[str]) -> str:
    """A text to begin with: one line for each."""
    return "\n".join(["What we agreed:", *(f"- {task}" for task in homework)])
