"""What to expect of a transcript or a draft, by the engine that made it."""

LOW = frozenset({"demonstration"})


def is_low(quality: str) -> bool:
    """Whether so many words may be wrong that nothing may be concluded from what is missing."""
    return quality in LOW
