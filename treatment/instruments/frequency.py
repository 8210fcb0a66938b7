"""Answers that several questionnaires share."""

from treatment.instruments.definition import Option

# "Over the last two weeks, how often have you been bothered by any of the following problems?"
LAST_TWO_WEEKS = (
    Option(0, "Not at all"),
    Option(1, "Several days"),
    Option(2, "More than half the days"),
    Option(3, "Nearly every day"),
)
BOTHERED = "Over the last two weeks, how often have you been bothered by any of the following problems?"
