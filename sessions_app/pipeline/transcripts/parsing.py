"""From an uploaded file to segments."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath

from sessions_app.pipeline.transcripts.clean import cleaned
from sessions_app.pipeline.transcripts.cues import parse_cues
from sessions_app.pipeline.transcripts.decoding import decoded
from sessions_app.pipeline.transcripts.json_file import parse_json, parse_rows
from sessions_app.pipeline.transcripts.numbering import numbered
from sessions_app.pipeline.transcripts.plain import parse_plain
from sessions_app.pipeline.transcripts.service import is_service_line
from sessions_app.pipeline.transcripts.table import rows_of
from sessions_app.pipeline.transcripts.times import cue_times
from sessions_app.pipeline.transcripts.types import ParsedTranscript, ReadFormat, Warnings, empty
from sessions_app.pipeline.types import Segment
from therapybridge.core.errors import TooLarge

MAX_BYTES = 5 * 1024 * 1024
_JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[{\"]|\[\s*\]\s*\Z")
_BY_NAME: dict[str, ReadFormat] = {".vtt": "vtt", ".srt": "srt", ".sbv": "sbv", ".json": "json"}
_FIRST_CHARACTERS = 20_000  # in which a file without a telling name shows whether it has cues


def parse_transcript(data: bytes, filename: str) -> ParsedTranscript:
    """Read an uploaded transcript; every segment has the label of its voice, and no role yet.

    Raises TooLarge (5 MB, 20,000 segments) and Unprocessable with the codes empty_transcript and
    unreadable_transcript; the message of the latter names the line or entry.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge("The transcript is larger than 5 MB.")
    warnings = Warnings()
    text = cleaned(decoded(data, warnings))
    if not text.strip():
        raise empty()
    format = _format_of(text, filename)
    read = map(_as_nobodys, _read(text, format, warnings))
    segments = numbered(read, warnings, in_file_order=format == "txt")
    return ParsedTranscript(segments, format, warnings.sentences())


def _as_nobodys(segment: Segment) -> Segment:
    """The segment, without a voice if a service wrote it."""
    is_said = not segment.label or not is_service_line(segment.text, segment.label)
    return segment if is_said else replace(segment, label="")


def _read(text: str, format: ReadFormat, warnings: Warnings) -> Iterable[Segment]:
    if format == "json":
        return parse_json(text, warnings)
    if format != "txt":
        return parse_cues(text, warnings)
    rows = rows_of(text)
    return parse_plain(text, warnings) if rows is None else parse_rows(rows, warnings)


def _format_of(text: str, filename: str) -> ReadFormat:
    """Detect the format by content, or else by file name. A file that only claims to have cues is plain text."""
    start = text.lstrip()
    suffix = _BY_NAME.get(PurePath(filename).suffix.lower(), "txt")
    if start.startswith("WEBVTT"):
        return "vtt"
    if _JSON.match(start) or (suffix == "json" and start[:1] in {"[", "{"}):
        return "json"
    found = _cue_format(start[:_FIRST_CHARACTERS].split("\n"))
    if found is None and suffix in {"vtt", "srt", "sbv"}:
        found = _cue_format(start.split("\n"))
    return found or "txt"


def _cue_format(lines: Iterable[str]) -> ReadFormat | None:
    """The format of the first cue in some lines."""
    first = next((line for line in lines if cue_times(line) is not None), None)
    if first is None:
        return None
    return "srt" if ">" in first else "sbv"
