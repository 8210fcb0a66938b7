"""What a patient is told before deciding; an entry of the ledger keeps the words and their version."""

from collections.abc import Iterable

VERSION = "1"

TEXTS = {
    "recording": (
        "Your therapist would like to make an audio recording of your sessions. The recording is kept private, only "
        "the people who treat you can listen to it, and it is used for nothing but your own record. You can say no, "
        "and you can change your mind at any time, without any effect on your treatment."
    ),
    "ai_processing": (
        "Software, which may include an outside service that your clinic has chosen, writes a transcript of the "
        "recording and drafts notes from it. Your therapist checks the drafts; no decision about you is made by "
        "software, and you see nothing that your therapist did not approve. You can say no to this, and you can change "
        "your mind at any time, without any effect on your treatment."
    ),
}


def text_of(consent_type: str) -> str:
    """The words for one type; empty for a type that a paper form of the clinic covers."""
    return TEXTS.get(consent_type, "")


def joined(consent_types: Iterable[str]) -> str:
    """The words for several types, as paragraphs."""
    return "\n\n".join(filter(None, map(text_of, consent_types)))
