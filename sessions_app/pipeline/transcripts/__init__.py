"""Reading and writing transcripts: WebVTT, SubRip, SBV, plain text and JSON. Times are in seconds."""

from sessions_app.pipeline.transcripts.parsing import MAX_BYTES, parse_transcript
from sessions_app.pipeline.transcripts.rendering import render_transcript
from sessions_app.pipeline.transcripts.types import ParsedTranscript

__all__ = ["MAX_BYTES", "ParsedTranscript", "parse_transcript", "render_transcript"]
