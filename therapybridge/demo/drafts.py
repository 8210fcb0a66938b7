"""The drafts of the demonstration: written by a person, and judged by the product's own evidence gate."""

from collections.abc import Sequence, Set
from functools import cache
from typing import Any

from sessions_app.pipeline.drafting.draft import JudgedDraft, draft
from sessions_app.pipeline.drafting.schema import ExtractedNotes, empty_notes
from sessions_app.pipeline.types import BeforeCall, Draft, Quality, Segment, unasked
from therapybridge.demo import cited
from therapybridge.demo.script import Meeting, meeting_named

# Key in the file, field of the draft, and the columns that stand between bars.
_LISTS = (
    ("topics", "key_topics", ("topic",)),
    ("strategies", "strategies", ("name", "category", "status", "context")),
    ("feelings", "emotional_themes", ("theme",)),
    ("triggers", "triggers", ("trigger", "context")),
    ("tasks", "action_items", ("task", "category", "details")),
    ("quotes", "significant_quotes", ("quote", "context")),
    ("follow_up", "follow_up_topics", ("topic",)),
    ("concerns", "unresolved_concerns", ("concern",)),
    ("techniques", "techniques", ("name",)),
)
_SINGLES = (
    ("gist", "topic_summary", "text"),
    ("mood", "session_mood", "value"),
    ("trajectory", "mood_trajectory", "value"),
    ("breakthrough", "breakthrough", "text"),
)
# Columns that only the gate or nobody fills.
_LEFT_OPEN: dict[str, dict[str, Any]] = {
    "triggers": {"severity": None},
    "significant_quotes": {"start": None},
    "session_mood": {"score": None},
    "techniques": {"modality": "", "definition": ""},
}


class WrittenExtractor:
    """Stands where a language model or the keyword extractor stands otherwise."""

    name = "a person"
    model = "written for the demonstration"
    quality: Quality = "standard"
    prompt_version = ""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting

    def extract(self, segments: Sequence[Segment], *, protected: Set[int], before_call: BeforeCall = unasked) -> Draft:
        """What is written in the session's file."""
        return Draft(_notes(self.meeting, {segment.index: segment.text for segment in segments}).model_dump())


@cache
def judged(name: str, segments: tuple[Segment, ...], language: str) -> JudgedDraft:
    """The draft of the session of that name as the worker would keep it; cached, since judging takes time."""
    return draft(WrittenExtractor(meeting_named(name)), segments, language=language)


def _notes(meeting: Meeting, said: dict[int, str]) -> ExtractedNotes:
    written, notes = meeting.draft, empty_notes().model_dump()
    for key, name, columns in _LISTS:
        notes[name] = [_item(text, name, columns, said) for text in written.get(key, ())]
    for key, name, column in _SINGLES:
        if key in written:
            notes[name] = _item(written[key], name, (column,), said)
    prose = [written.get("summary", ""), *(text for text in meeting.note.values() if isinstance(text, str))]
    for name, texts in (("therapist_summary", prose), ("patient_summary", [written.get("patient", "")])):
        found = [statement for text in texts for statement in cited.statements(text)]
        notes[name] = {"statements": [{"text": one.text, "evidence": _evidence(one, "", said)} for one in found]}
    return ExtractedNotes.model_validate(notes)


def _item(text: str, name: str, columns: tuple[str, ...], said: dict[int, str]) -> dict[str, Any]:
    statement = cited.Statement(text.partition("[")[0].strip(), cited.one(text).lines)
    values = [value.strip() for value in statement.text.split("|")]
    filled = dict.fromkeys(columns, "") | dict(zip(columns, values, strict=False))
    evidence = _evidence(statement, filled.get("quote", ""), said)
    return filled | _LEFT_OPEN.get(name, {}) | {"evidence": evidence}


def _evidence(statement: cited.Statement, quote: str, said: dict[int, str]) -> dict[str, Any]:
    """The lines, and the words: those that are quoted, else the first line."""
    return {"segments": statement.segments, "quote": quote or said.get(statement.segments[0], "")}
