"""All models of this app, from its subjects."""

from sessions_app.models.session import NO_ERROR, LeaseLost, TherapySession
from sessions_app.models.transcript import Transcript
from sessions_app.notes.models import Extraction, PatientSummary, StatementReview
from sessions_app.processing.models import ProcessingJob, TranscriptPiece
from sessions_app.recordings.models import Recording

__all__ = [
    "NO_ERROR",
    "Extraction",
    "LeaseLost",
    "PatientSummary",
    "ProcessingJob",
    "Recording",
    "StatementReview",
    "TherapySession",
    "Transcript",
    "TranscriptPiece",
]
