"""Words and shapes that pages and API share when they show a session's parts."""

from typing import Any

from sessions_app.models import Extraction, PatientSummary, Transcript

QUALITY_NOTICES = {
    "standard": "",
    "demonstration": "Demonstration quality: made by a small built-in speech model that mishears many words. "
    "Do not rely on it for care: add the session again with a transcript, or have a speech service set up.",
    "keyword_draft": "Keyword-based draft: found by looking for known words, not by understanding the conversation.",
}
SPEAKERS = {"therapist": "Therapist", "patient": "Patient", "other": "Other", "unknown": "Speaker"}


def clock(seconds: float | None) -> str:
    """Seconds as m:ss or h:mm:ss; empty when there is no time."""
    if seconds is None:
        return ""
    hours, rest = divmod(int(seconds), 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def transcript_dict(transcript: Transcript) -> dict[str, Any]:
    """A transcript as the API shows it."""
    plain = ("language", "duration", "engine", "model", "quality", "speaker_source", "word_count", "segments")
    return {
        "session_id": transcript.session_id,
        "quality_notice": QUALITY_NOTICES[transcript.quality],
        **{name: getattr(transcript, name) for name in plain},
    }


def summary_dict(summary: PatientSummary | None) -> dict[str, Any] | None:
    """The patient's summary as the API shows it to a therapist."""
    if summary is None:
        return None
    return {"text": summary.text, "is_edited": summary.is_edited, "approved_at": summary.approved_at}


def notes_dict(extraction: Extraction, summary: PatientSummary | None) -> dict[str, Any]:
    """The drafted notes as the API shows them."""
    plain = ("session_id", "version", "engine", "model", "quality", "verified", "removed", "created_at", "notes")
    return {name: getattr(extraction, name) for name in plain} | {
        "quality_notice": QUALITY_NOTICES[extraction.quality],
        "patient_summary": summary_dict(summary),
    }
