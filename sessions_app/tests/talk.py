"""Conversations for the tests of the text pipeline."""

from hypothesis import settings
from hypothesis import strategies as st

from sessions_app.pipeline.types import Segment

unhurried = settings(deadline=None)

SPEAKERS = ("therapist", "patient", "other", "unknown")
PHRASES = (
    "I can't sleep and work is too much.",
    "I feel so anxious when my boss calls me",
    "I don’t want to die, but I am tired.",  # noqa: RUF001  typographic apostrophe
    "kill",
    "my self",
    "mm-hm",
    "Would you try a thought record this week?",
    "I'll call Priya at 6:30 on Monday",
    "“Quoted” words — and «more»",
    "twenty",
    "five hundred and one, 1,000 or 3.5",
    "I did the breathing exercise twice",
    "Next time we can come back to that...",
    "¿Qué tal? 我很累。 İ ﬁne x²",
    "zero\u200bwidth\u00ad sui\u200bcide",
    "<v Patient>not a tag & no &amp; entity {\\an8}",
    "a\x00b\x0cc",
    "...",
)


def talk(*lines: tuple[str, str], step: float = 10.0) -> list[Segment]:
    """Segments of (speaker, text), `step` seconds apart."""
    return [
        Segment(index=at, start=at * step, end=at * step + step - 1, text=text, speaker=speaker)
        for at, (speaker, text) in enumerate(lines)
    ]


texts = st.one_of(
    st.lists(st.sampled_from(PHRASES), min_size=0, max_size=6).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
)
lines = st.tuples(st.sampled_from(SPEAKERS), texts)
transcripts = st.lists(lines, max_size=14).map(lambda said: talk(*said))
