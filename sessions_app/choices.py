"""Labels and formats shared by pages and API."""

from django.conf.locale import LANG_INFO
from django.db import models

QUALITY_NOTICES = {
    "standard": "",
    "small_model": "Small speech model on this machine: expect one word in ten to be wrong, more where it is noisy. "
    "Listen to a passage before you rely on it.",
    "unreliable": "Transcribed by an early speech model: about every other word is wrong. "
    "Do not rely on it for care: add the session again.",
    "keyword_draft": "Keyword-based draft: based on matching known words, not on understanding the conversation.",
}
SPEAKERS = {"therapist": "Therapist", "patient": "Patient", "other": "Other", "unknown": "Speaker"}


def session_title(number: int | None) -> str:
    """The title of a session; failed ones have no number."""
    return f"Session #{number}" if number else "Session"


def language_name(code: str) -> str:
    """In English, else the code itself."""
    return str(LANG_INFO.get(code, {}).get("name", code))


def clock(seconds: float | None) -> str:
    """Seconds as m:ss or h:mm:ss; empty for None."""
    if seconds is None:
        return ""
    hours, rest = divmod(int(seconds), 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


class SessionStatus(models.TextChoices):
    """The processing status of a session."""

    PENDING = "pending", "Waiting"
    HELD = "held", "Held"  # took place, and no recording is expected; one can come nevertheless
    UPLOADING = "uploading", "Uploading"
    TRANSCRIBING = "transcribing", "Transcribing"
    TRANSCRIBED = "transcribed", "Transcribed"
    EXTRACTING_NOTES = "extracting_notes", "Drafting notes"
    PROCESSED = "processed", "Drafted"
    FAILED = "failed", "Failed"


class Modality(models.TextChoices):
    """How the meeting took place."""

    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "Video"
    PHONE = "phone", "Phone"


class SessionKind(models.TextChoices):
    """The kind of session."""

    INDIVIDUAL = "individual"
    COUPLES = "couples"
    GROUP = "group"
    DICTATION = "dictation"


class SpeakerSource(models.TextChoices):
    """How the speakers of a transcript were told apart."""

    LABEL = "label", "words such as “Therapist” in the file"
    NAME = "name", "names in the file"
    GUESS = "guess", "a guess from what each voice says"
    PERSON = "person", "a person"
    NONE = "none", "nothing"


class StatementDecision(models.TextChoices):
    """What a therapist decided about a statement to check."""

    KEPT = "kept", "Kept"
    DELETED = "deleted", "Deleted"
