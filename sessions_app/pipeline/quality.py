"""What to expect of a transcript or a draft, by the engine that made it."""

from pathlib import Path

from sessions_app.pipeline.types import Quality

# `small_model`: about one word in ten is wrong; `unreliable`: about every other one.
TRANSCRIPT_QUALITIES: tuple[Quality, ...] = ("standard", "small_model", "unreliable")
DRAFT_QUALITIES: tuple[Quality, ...] = (*TRANSCRIPT_QUALITIES, "keyword_draft")
LOW = frozenset({"small_model", "unreliable"})
SMALL_MODEL_BYTES = 300_000_000  # Whisper tiny and base, Moonshine tiny and base


def is_low(quality: str) -> bool:
    """Whether so many words may be wrong that nothing may be concluded from what is missing."""
    return quality in LOW


def model_quality(folder: Path) -> Quality:
    """The quality of a speech model by its size, which tells more than its name; a missing one counts as small."""
    size = sum(file.stat().st_size for file in folder.glob("*") if file.is_file())
    return "small_model" if size < SMALL_MODEL_BYTES else "standard"
