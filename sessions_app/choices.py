"""Words and shapes that pages and API share when they show a session's parts."""

from django.db import models

QUALITY_NOTICES = {
    "standard": "",
    "demonstration": "Demonstration quality: made by a small built-in speech model that mishears many words. "
    "Do not rely on it for care: add the session again with a transcript, or have a speech service set up.",
    "keyword_draft": "Keyword-based draft: found by looking for known words, not by understanding the conversation.",
}
SPEAKERS = {"therapist": "Therapist", "patient": "Patient", "other": "Other", "unknown": "Speaker"}


def session_title(number: int | None) -> str:
    """How a session is called everywhere; a failed one carries no number."""
    return f"Session #{number}" if number else "Session"


def clock(seconds: float | None) -> str:
    """Seconds as m:ss or h:mm:ss; empty when there is no time."""
    if seconds is None:
        return ""
    hours, rest = divmod(int(seconds), 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


class SessionStatus(models.TextChoices):
    """How far a session has come."""

    PENDING = "pending", "Waiting"
    UPLOADING = "uploading", "Uploading"
    TRANSCRIBING = "transcribing", "Transcribing"
    TRANSCRIBED = "transcribed", "Transcribed"
    EXTRACTING_NOTES = "extracting_notes", "Drafting notes"
    PROCESSED = "processed", "Drafted"
    FAILED = "failed", "Failed"


class Modality(models.TextChoices):
    """Where the meeting took place."""

    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "Video"
    PHONE = "phone", "Phone"


class SessionKind(models.TextChoices):
    """Who took part, or how the record was made."""

    INDIVIDUAL = "individual"
    COUPLES = "couples"
    GROUP = "group"
    DICTATION = "dictation"
