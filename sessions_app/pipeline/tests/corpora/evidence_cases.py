"""Invented transcripts with statements that judge the evidence checks: planted defects and faithful paraphrases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.schema import Evidence, ExtractedNotes, Passage, Summary, empty_notes
from sessions_app.pipeline.tests.corpora.reading import read

# The rules were mended with "evidence"; "evidence_later", "evidence_unseen" and "evidence_fresh" are by other hands,
# and nothing was learned from "evidence_blind", by somebody who knew no rule.
FOLDER = Path(__file__).parent
PLACES = {
    "key_topic": ("key_topics", schema.KeyTopic, "topic", {}),
    "follow_up_topic": ("follow_up_topics", schema.FollowUpTopic, "topic", {}),
    "emotional_theme": ("emotional_themes", schema.EmotionalTheme, "theme", {}),
    "unresolved_concern": ("unresolved_concerns", schema.UnresolvedConcern, "concern", {}),
    "significant_quote": ("significant_quotes", schema.SignificantQuote, "quote", {"context": "", "start": None}),
    "trigger": ("triggers", schema.Trigger, "trigger", {"context": "", "severity": None}),
    "strategy": ("strategies", schema.Strategy, "name", {"category": "", "status": "practiced", "context": ""}),
    "technique": ("techniques", schema.Technique, "name", {"modality": "", "definition": ""}),
    "action_item": ("action_items", schema.ActionItem, "task", {"category": "", "details": ""}),
}


@dataclass(frozen=True)
class Line:
    speaker: str  # therapist | patient | other
    text: str


@dataclass(frozen=True)
class Transcript:
    id: str
    language: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Statement:
    """A sentence of a draft, the lines that it cites and the words that it gives as evidence."""

    transcript: Transcript
    field: str
    text: str
    segments: tuple[int, ...]
    quote: str
    kind: str = ""  # what is wrong; empty for a faithful paraphrase
    wrong: str = ""  # the false words within the text, where they can be pointed at
    extras: Mapping[str, str] = field(default_factory=dict)  # further values of the field: mood, severity, status …

    @property
    def cited(self) -> list[Line]:
        return [self.transcript.lines[index] for index in self.segments]


@dataclass(frozen=True)
class Corpus:
    transcripts: tuple[Transcript, ...]
    defects: tuple[Statement, ...]
    paraphrases: tuple[Statement, ...]


def notes_with(statement: Statement) -> ExtractedNotes:
    """A draft that has only this statement."""
    evidence = Evidence(segments=list(statement.segments), quote=statement.quote)
    if statement.field in PLACES:
        name, kind, own, rest = PLACES[statement.field]
        given = {key: statement.extras.get(key, value) for key, value in rest.items()}
        return empty_notes().model_copy(update={name: [kind(evidence=evidence, **{own: statement.text}, **given)]})
    passage = Passage(text=statement.text, evidence=evidence)
    value = Summary(statements=[passage]) if statement.field.endswith("_summary") else passage
    return empty_notes().model_copy(update={statement.field: passage if statement.field == "topic_summary" else value})


@cache
def load(name: str = "evidence") -> Corpus:
    files = [path for path in sorted((FOLDER / name).glob("*.yaml")) if not path.stem.endswith("_statements")]
    transcripts = {path.stem: _transcript(**read(path)) for path in files}
    statements = [read(path.with_stem(f"{path.stem}_statements")) for path in files]
    return Corpus(
        tuple(transcripts.values()),
        tuple(_statement(transcripts, **entry) for group in statements for entry in group["defects"]),
        tuple(_statement(transcripts, **entry) for group in statements for entry in group["paraphrases"]),
    )


def _transcript(id: str, language: str, lines: list[dict[str, str]]) -> Transcript:
    return Transcript(id, language, tuple(Line(**line) for line in lines))


def _statement(transcripts: dict[str, Transcript], transcript: str, segments: list[int], **rest: Any) -> Statement:
    return Statement(transcript=transcripts[transcript], segments=tuple(segments), **rest)
