"""Models of notes, by what they are about."""

from sessions_app.notes.models.amendments import AmendmentRequest
from sessions_app.notes.models.drafts import Extraction, PatientSummary, StatementReview
from sessions_app.notes.models.notes import (
    ArchiveStep,
    NoteAddendum,
    NoteLocked,
    NoteSignature,
    NoteVersion,
    SessionNote,
)
from sessions_app.notes.models.private import PrivateNote
from sessions_app.notes.models.release import NoteWithholding
from sessions_app.notes.models.snippets import TextSnippet
from sessions_app.notes.models.style import DraftingStyle
from sessions_app.notes.models.templates import NoteTemplate, TemplateVersion

__all__ = [
    "AmendmentRequest",
    "ArchiveStep",
    "DraftingStyle",
    "Extraction",
    "NoteAddendum",
    "NoteLocked",
    "NoteSignature",
    "NoteTemplate",
    "NoteVersion",
    "NoteWithholding",
    "PatientSummary",
    "PrivateNote",
    "SessionNote",
    "StatementReview",
    "TemplateVersion",
    "TextSnippet",
]
