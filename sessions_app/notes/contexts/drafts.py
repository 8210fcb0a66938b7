"""Contexts of a draft: what may be used, what is to check, what was refused, and the phrases to review."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sessions_app.choices import SPEAKERS, clock, language_name
from sessions_app.models import Extraction, Transcript
from sessions_app.notes.choices import REFUSED_LABELS, TO_CHECK_LABELS
from sessions_app.notes.services.statements import reviewed, statements, usable
from sessions_app.pipeline.evidence.second_pass import FAILED
from sessions_app.pipeline.risk import LANGUAGES, UNDETERMINED
from sessions_app.pipeline.types import Segment
from sessions_app.risk.choices import KINDS

OPEN_PHRASES = 12  # of medium and high severity; the rest is folded
# Headings of the page, with the fields below each.
HEADINGS = {
    "Summary": ("therapist_summary",),
    "Topics": ("topic_summary", "key_topics"),
    "Mood": ("session_mood", "mood_trajectory"),
    "Emotional themes": ("emotional_themes",),
    "Triggers": ("triggers",),
    "Strategies": ("strategies",),
    "Techniques": ("techniques",),
    "Turning point": ("breakthrough",),
    "Action items": ("action_items",),
    "Quotes": ("significant_quotes",),
    "Unresolved concerns": ("unresolved_concerns",),
    "For next time": ("follow_up_topics",),
    "Summary for the patient": ("patient_summary",),
}
# Headings that are left out when they are empty; all others are named as not assessed.
_OPTIONAL = {"Techniques", "Turning point", "Quotes", "Summary for the patient"}
_HEADING_OF = {name: heading for heading, names in HEADINGS.items() for name in names}
_TEXTS = (
    "text",
    "topic",
    "theme",
    "trigger",
    "name",
    "task",
    "quote",
    "concern",
    "value",
    "status",
    "context",
    "details",
)


def draft_context(extraction: Extraction, transcript: Transcript | None) -> dict[str, Any]:
    """The draft with the decisions about it."""
    merged = reviewed(extraction)
    notes = usable(merged.notes)
    lines = {segment.index: segment for segment in transcript.lines} if transcript else {}
    return {
        "notes": _without_repeated_topics(notes),
        "reviewed": merged,
        "is_outdated": transcript is not None and transcript.fingerprint != extraction.input_hash,
        "to_check": [
            _to_check(name, item, lines) for name, item in statements(merged.notes) if item["state"] == "check"
        ],
        "second_pass_failed": _count(merged.notes, FAILED),
        "refused_reasons": _reasons(extraction.refused_reasons),
        "not_assessed": [heading for heading in HEADINGS if heading not in _OPTIONAL and not _has_any(heading, notes)],
        "is_machine_made": transcript is not None and transcript.engine != "upload",
    }


def _without_repeated_topics(notes: Mapping[str, Any]) -> dict[str, Any]:
    """Without the sentence on topics, if the summary says it already."""
    topics = notes["topic_summary"]
    is_said = topics and any(item["text"] == topics["text"] for item in notes["therapist_summary"]["statements"])
    return {**notes, "topic_summary": None if is_said else topics}


def _count(notes: Mapping[str, Any], reason: str) -> int:
    """The statements that wait for a decision for this reason."""
    return sum(item["state"] == "check" and item["reason"] == reason for _, item in statements(notes))


def _has_any(heading: str, notes: Mapping[str, Any]) -> bool:
    return any(_HEADING_OF[name] == heading for name, _ in statements(notes))


def _to_check(name: str, item: Mapping[str, Any], lines: Mapping[int, Segment]) -> dict[str, Any]:
    cited = [lines[index] for index in item["evidence"]["segments"] if index in lines]
    return {
        "id": item["id"],
        "heading": _HEADING_OF[name],
        "text": " · ".join(_shown(item)),
        "reason": TO_CHECK_LABELS.get(item["reason"], TO_CHECK_LABELS["content"]),
        "evidence": item["evidence"],
        "lines": [_line(segment) for segment in cited],
    }


def _shown(item: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(item[name]).replace("_", " ") for name in _TEXTS if item.get(name))


def _line(segment: Segment) -> dict[str, Any]:
    return {"clock": clock(segment.start), "speaker": SPEAKERS[segment.speaker], "text": segment.text}


def _reasons(counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    return [(REFUSED_LABELS.get(code, "other"), count) for code, count in sorted(counts.items())]


def risk_context(extraction: Extraction | None) -> dict[str, Any]:
    """The phrases to review, worst first; what is folded; and the languages in which nothing was looked for."""
    notes = extraction.notes if extraction else {}
    flags = [_flag(flag) for flag in notes.get("risk_flags", [])]
    grave = [flag for flag in flags if flag["severity"] != "low"]
    return {
        "risk_flags": flags,
        "risk_open": grave[:OPEN_PHRASES],
        "risk_more": grave[OPEN_PHRASES:],
        "risk_low": [flag for flag in flags if flag["severity"] == "low"],
        "risk_languages": [language_name(code) for code in LANGUAGES],
        "risk_not_looked_for": [_not_looked_for(code) for code in notes.get("risk_not_looked_for", [])],
    }


def _not_looked_for(code: str) -> str:
    if code == UNDETERMINED:
        return "the language of this transcript, which was not recognised"
    return language_name(code)


def _flag(flag: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **flag,
        "type_label": KINDS[flag["type"]],
        "quote": flag["evidence"]["quote"],
        "clock": clock(flag["start"]),
        "speaker_label": SPEAKERS[flag["speaker"]],
    }
