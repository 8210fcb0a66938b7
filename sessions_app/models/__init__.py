"""Sessions, recordings, jobs, transcripts and drafted notes."""

from sessions_app.models.job import ProcessingJob, TranscriptPiece
from sessions_app.models.note import Extraction, PatientSummary
from sessions_app.models.recording import Recording
from sessions_app.models.session import NO_ERROR, InvalidTransition, LeaseLost, TherapySession
from sessions_app.models.transcript import Transcript

__all__ = [
    "NO_ERROR",
    "Extraction",
    "InvalidTransition",
    "LeaseLost",
    "PatientSummary",
    "ProcessingJob",
    "Recording",
    "TherapySession",
    "Transcript",
    "TranscriptPiece",
]
