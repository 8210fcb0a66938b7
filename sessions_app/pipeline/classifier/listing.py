"""Flags for what the classifier would have reviewed."""

from collections.abc import Iterator, Sequence, Set

from sessions_app.pipeline.classifier.model import classifier
from sessions_app.pipeline.drafting.schema import Evidence, RiskFlag, RiskSeverity
from sessions_app.pipeline.text.matching import BACKCHANNEL_WORDS
from sessions_app.pipeline.text.spans import packed_spans
from sessions_app.pipeline.types import Segment

MOST: RiskSeverity = "medium"  # never more: it knows likeness, not meaning
LONGEST, OVERLAP = 30, 10  # words that are judged together; the training sentences are as long


def suspected(words: Sequence[str], sources: Sequence[Segment], listed: Set[int]) -> Iterator[RiskFlag]:
    """What one voice says, with the segment of each word; nothing around `listed` words, by their positions.

    Patients and relatives, and everybody where voices are not told apart; not the therapist, who asks all day.
    """
    if not sources or sources[0].speaker == "therapist":
        return
    for first, end in packed_spans(words, longest=LONGEST, overlap=OVERLAP):
        if end - first <= BACKCHANNEL_WORDS or not listed.isdisjoint(range(first, end)):
            continue
        quote = " ".join(words[first:end])
        if suspicion := classifier().suspicion(quote):
            said = sources[first:end]
            yield RiskFlag(
                type=suspicion.type,
                severity=MOST if suspicion.is_sure else "low",
                source="classifier",
                speaker=said[0].speaker,
                start=said[0].start,
                evidence=Evidence(segments=sorted({segment.index for segment in said}), quote=quote),
            )
