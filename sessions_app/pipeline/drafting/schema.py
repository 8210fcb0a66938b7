"""The schema of draft notes. Every field is required; None means "not assessed".

The models use only features of the OpenAI API's strict JSON schemas, so lengths and ranges are not declared here:
`normalise` applies them to the parsed notes.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from sessions_app.pipeline.text.matching import printable
from sessions_app.pipeline.types import Speaker

MAX_TOPICS = 7
MAX_ITEMS = 20
MAX_CITED = 30
MAX_LABEL = 120  # characters
MAX_TEXT = 1000  # characters
MAX_SUMMARY_WORDS = {"therapist_summary": 350, "patient_summary": 170}
MOOD_SCALE = (0.0, 10.0)
StrategyStatus = Literal["introduced", "practiced", "assigned", "reviewed"]
TriggerSeverity = Literal["mild", "moderate", "severe"]
MoodValue = Literal["very_low", "low", "neutral", "positive", "very_positive"]
TrajectoryValue = Literal["improving", "declining", "stable", "fluctuating"]
RiskType = Literal["self_harm", "suicidal_ideation", "harm_to_others", "abuse", "crisis", "substance"]
RiskSeverity = Literal["low", "medium", "high"]
# A phrase of a list; an answer to a question about risk; the small classifier's; the model's.
RiskSource = Literal["rule", "answer", "classifier", "model"]


class StrictModel(BaseModel):
    """Unknown keys are refused; no field has a default."""

    model_config = ConfigDict(extra="forbid")


class Evidence(StrictModel):
    """The source of a statement: `Segment.index` values and the exact words."""

    segments: list[int]
    quote: str


class Cited(StrictModel):
    """A statement that the transcript must support."""

    evidence: Evidence


class KeyTopic(Cited):
    """One of the 3 to 7 subjects of the session."""

    topic: str


class Passage(Cited):
    """One sentence, or a short text, with its evidence."""

    text: str


class Strategy(Cited):
    """A coping strategy and its status in this session."""

    name: str
    category: str
    status: StrategyStatus
    context: str


class EmotionalTheme(Cited):
    """An emotion named in the session."""

    theme: str


class Trigger(Cited):
    """A trigger of the patient's difficulty; its severity in the patient's own words, None if they did not say."""

    trigger: str
    context: str
    severity: TriggerSeverity | None


class ActionItem(Cited):
    """Something to do before the next session."""

    task: str
    category: str
    details: str


class SignificantQuote(Cited):
    """A quote of the patient; start in seconds, None without times."""

    quote: str
    context: str
    start: float | None


class SessionMood(Cited):
    """Mood as expressed in the session; score is 0 (worst) to 10 (best), None unless the patient gave a number."""

    value: MoodValue
    score: float | None


class MoodTrajectory(Cited):
    """How mood moved within the session."""

    value: TrajectoryValue


class FollowUpTopic(Cited):
    """A subject for a later session."""

    topic: str


class UnresolvedConcern(Cited):
    """A concern of the patient that remained open."""

    concern: str


class RiskFlag(Cited):
    """A phrase to review. Severity grades the phrase, never the patient; start in seconds."""

    type: RiskType
    severity: RiskSeverity
    source: RiskSource
    speaker: Speaker
    start: float | None


class Technique(Cited):
    """A therapeutic technique, named as in the library if it is known."""

    name: str
    modality: str
    definition: str


class Summary(StrictModel):
    """A text as sentences in order, to be joined with spaces."""

    statements: list[Passage]


class ExtractedNotes(StrictModel):
    """Everything an engine drafts about one session."""

    key_topics: list[KeyTopic]
    topic_summary: Passage | None
    strategies: list[Strategy]
    emotional_themes: list[EmotionalTheme]
    triggers: list[Trigger]
    action_items: list[ActionItem]
    significant_quotes: list[SignificantQuote]
    session_mood: SessionMood | None
    mood_trajectory: MoodTrajectory | None
    follow_up_topics: list[FollowUpTopic]
    unresolved_concerns: list[UnresolvedConcern]
    risk_flags: list[RiskFlag]
    breakthrough: Passage | None
    techniques: list[Technique]
    therapist_summary: Summary
    patient_summary: Summary


class SessionTexts(StrictModel):
    """What is written about a long session as a whole, once its parts have been read."""

    key_topics: list[KeyTopic]
    topic_summary: Passage | None
    therapist_summary: Summary
    patient_summary: Summary


# The text fields of each kind of statement; the first must not be empty.
LABELS: dict[type[Cited], tuple[str, ...]] = {
    KeyTopic: ("topic",),
    Passage: (),
    Strategy: ("name", "category"),
    EmotionalTheme: ("theme",),
    Trigger: (),
    ActionItem: ("category",),
    SignificantQuote: (),
    SessionMood: (),
    MoodTrajectory: (),
    FollowUpTopic: (),
    UnresolvedConcern: (),
    RiskFlag: (),
    Technique: ("name", "modality"),
}
PROSE: dict[type[Cited], tuple[str, ...]] = {
    KeyTopic: (),
    Passage: ("text",),
    Strategy: ("context",),
    EmotionalTheme: (),
    Trigger: ("trigger", "context"),
    ActionItem: ("task", "details"),
    SignificantQuote: ("quote", "context"),
    SessionMood: (),
    MoodTrajectory: (),
    FollowUpTopic: ("topic",),
    UnresolvedConcern: ("concern",),
    RiskFlag: (),
    Technique: ("definition",),
}
REQUIRED: dict[type[Cited], str] = {
    KeyTopic: "topic",
    Passage: "text",
    Strategy: "name",
    EmotionalTheme: "theme",
    Trigger: "trigger",
    ActionItem: "task",
    SignificantQuote: "quote",
    FollowUpTopic: "topic",
    UnresolvedConcern: "concern",
    Technique: "name",
}
LIST_FIELDS = (
    "key_topics",
    "strategies",
    "emotional_themes",
    "triggers",
    "action_items",
    "significant_quotes",
    "follow_up_topics",
    "unresolved_concerns",
    "risk_flags",
    "techniques",
)
SINGLE_FIELDS = ("topic_summary", "session_mood", "mood_trajectory", "breakthrough")
SUMMARY_FIELDS = ("therapist_summary", "patient_summary")
C = TypeVar("C", bound=Cited)


def empty_notes() -> ExtractedNotes:
    """Notes in which everything is empty or not assessed."""
    values: dict[str, object] = {name: [] for name in LIST_FIELDS}
    values |= dict.fromkeys(SINGLE_FIELDS)
    values |= {name: Summary(statements=[]) for name in SUMMARY_FIELDS}
    return ExtractedNotes.model_validate(values)


def cited_lines(notes: ExtractedNotes) -> frozenset[int]:
    """The numbers of all lines that the notes cite."""
    items: list[Cited] = [item for name in LIST_FIELDS for item in getattr(notes, name)]
    items += [item for name in SINGLE_FIELDS if (item := getattr(notes, name)) is not None]
    items += [item for name in SUMMARY_FIELDS for item in getattr(notes, name).statements]
    return frozenset(index for item in items for index in item.evidence.segments)


def normalise(notes: ExtractedNotes) -> ExtractedNotes:
    """Apply ranges, lengths and counts by capping and dropping; the number of risk flags is never capped."""
    changes: dict[str, object] = {}
    for name in LIST_FIELDS:
        items = _distinct(_tidied(getattr(notes, name)))
        changes[name] = items if name == "risk_flags" else items[: _most(name)]
    for name in SINGLE_FIELDS:
        item = getattr(notes, name)
        changes[name] = None if item is None else _tidy(item)
    for name in SUMMARY_FIELDS:
        statements = _distinct(_tidied(getattr(notes, name).statements))
        changes[name] = Summary(statements=within_words(statements, MAX_SUMMARY_WORDS[name]))
    return notes.model_copy(update=changes)


def clip(text: str, limit: int) -> str:
    """At most `limit` characters with single spaces, cut between words: half a number would be a different number."""
    clean = printable(text)
    if len(clean) <= limit:
        return clean
    return clean[: limit + 1].rpartition(" ")[0]


def _most(name: str) -> int:
    return MAX_TOPICS if name == "key_topics" else MAX_ITEMS


def _tidied(items: Iterable[C]) -> list[C]:
    return [tidy for item in items if (tidy := _tidy(item)) is not None]


def _tidy(item: C) -> C | None:
    kind = type(item)
    changes: dict[str, object] = {"evidence": _tidy_evidence(item.evidence)}
    changes |= {name: clip(getattr(item, name), MAX_LABEL) for name in LABELS[kind]}
    changes |= {name: clip(getattr(item, name), MAX_TEXT) for name in PROSE[kind]}
    if isinstance(item, SessionMood) and item.score is not None:
        if not math.isfinite(item.score):
            return None
        changes["score"] = min(max(item.score, MOOD_SCALE[0]), MOOD_SCALE[1])
    if isinstance(item, (SignificantQuote, RiskFlag)):
        changes["start"] = _valid_time(item.start)
    if kind in REQUIRED and not changes[REQUIRED[kind]]:
        return None
    return item.model_copy(update=changes)


def _tidy_evidence(evidence: Evidence) -> Evidence:
    cited = sorted(set(evidence.segments))[:MAX_CITED]
    return Evidence(segments=cited, quote=clip(evidence.quote, MAX_TEXT))


def _valid_time(seconds: float | None) -> float | None:
    return seconds if seconds is not None and math.isfinite(seconds) and seconds >= 0 else None


def _distinct(items: Sequence[C]) -> list[C]:
    kept: dict[str, C] = {}
    for item in items:
        kept.setdefault(item.model_dump_json(), item)
    return list(kept.values())


def within_words(statements: Sequence[Passage], limit: int) -> list[Passage]:
    """The first statements, up to the one that exceeds the limit; at least one."""
    kept: list[Passage] = []
    words = 0
    for statement in statements:
        words += len(statement.text.split())
        if kept and words > limit:
            break
        kept.append(statement)
    return kept
