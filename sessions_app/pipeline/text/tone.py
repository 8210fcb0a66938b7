"""Sentiment of words (VADER, Hutto & Gilbert 2014). It rates text, not the person, and is never shown as mood."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sessions_app.pipeline.text.matching import sentences
from sessions_app.pipeline.types import Segment

_LEANS = 0.05  # the authors' threshold for non-neutral sentences


@dataclass(frozen=True, slots=True)
class WordTone:
    """Mean compound score of the sentences (-1 to 1) and the shares of positive and negative ones (0 to 1)."""

    mean: float
    positive: float
    negative: float
    sentences: int


def word_tone(segments: Sequence[Segment]) -> WordTone | None:
    """Tone of the patient's words, or of everyone's if the patient is unknown; None without words."""
    chosen = [segment for segment in segments if segment.speaker == "patient"] or segments
    scores = [_compound(sentence) for segment in chosen for sentence in sentences(segment.text)]
    if not scores:
        return None
    return WordTone(
        mean=sum(scores) / len(scores),
        positive=sum(score >= _LEANS for score in scores) / len(scores),
        negative=sum(score <= -_LEANS for score in scores) / len(scores),
        sentences=len(scores),
    )


@lru_cache(maxsize=1)
def _analyser() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


def _compound(sentence: str) -> float:
    return float(_analyser().polarity_scores(sentence)["compound"])
