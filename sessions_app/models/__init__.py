"""All models of this app, from its subjects."""

from sessions_app.action_items.models import ActionItem, ActionItemClosing
from sessions_app.models.session import NO_ERROR, TherapySession
from sessions_app.models.transcript import Transcript
from sessions_app.notes.models import (
    AmendmentRequest,
    ArchiveStep,
    DraftingStyle,
    Extraction,
    NoteAddendum,
    NoteLocked,
    NoteSignature,
    NoteTemplate,
    NoteVersion,
    NoteWithholding,
    PatientSummary,
    PrivateNote,
    SessionNote,
    StatementReview,
    TemplateVersion,
    TextSnippet,
)
from sessions_app.processing.models import EngineCircuit, ProcessingJob, TranscriptPiece
from sessions_app.recordings.models import Recording
from sessions_app.risk.models import RiskReview, RiskReviewEntry

__all__ = [
    "NO_ERROR",
    "ActionItem",
    "ActionItemClosing",
    "AmendmentRequest",
    "ArchiveStep",
    "DraftingStyle",
    "EngineCircuit",
    "Extraction",
    "NoteAddendum",
    "NoteLocked",
    "NoteSignature",
    "NoteTemplate",
    "NoteVersion",
    "NoteWithholding",
    "PatientSummary",
    "PrivateNote",
    "ProcessingJob",
    "Recording",
    "RiskReview",
    "RiskReviewEntry",
    "SessionNote",
    "StatementReview",
    "TemplateVersion",
    "TextSnippet",
    "TherapySession",
    "Transcript",
    "TranscriptPiece",
]
