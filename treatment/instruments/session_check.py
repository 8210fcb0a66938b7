"""Session check: four questions of our own on how life has been since the last session."""

from treatment.instruments.definition import Instrument, Option

SESSION_CHECK = Instrument(
    key="session-check",
    version=1,
    name="Session check",
    plain_name="How things have been",
    licence="Written for this product and part of it; it is not the Outcome Rating Scale, and no norms exist for it.",
    source="Not published: compare a person only with themselves.",
    instruction=(
        "Thinking of the time since the last session, how have things been? 0 is as bad as can be, 10 as good as can "
        "be."
    ),
    items=(
        "You yourself, body and mind",
        "Your family and those close to you",
        "Work, study and what you do all day",
        "Life as a whole",
    ),
    options=tuple(Option(value, str(value)) for value in range(11)),
    highest=40,
    better="higher",
)
