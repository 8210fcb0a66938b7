"""Engines for the OpenAI API and compatible servers."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openai
from pydantic import BaseModel, Field, ValidationError

from sessions_app.pipeline.drafting.merging import merged
from sessions_app.pipeline.drafting.prompts import PROMPT_VERSION, messages, windows
from sessions_app.pipeline.drafting.schema import ExtractedNotes, empty_notes, normalise
from sessions_app.pipeline.engines.base import (
    UTTERANCE_SECONDS,
    EngineSettings,
    NeedsSmaller,
    NeedsUtterances,
    Permanent,
    Transient,
)
from sessions_app.pipeline.engines.openai_client import client_for
from sessions_app.pipeline.engines.openai_errors import refuses_format, translated
from sessions_app.pipeline.types import (
    BeforeCall,
    Capability,
    Draft,
    Piece,
    PieceText,
    Quality,
    RawSegment,
    Segment,
    unasked,
)

WINDOW_CHARS = 120_000  # about 30,000 tokens: two hours of conversation in one request
HALVINGS = 2  # how often a window that is too long is cut in half
# The longest matching prefix of the model's name applies. Seconds are the provider's own limits (1400 s) or, for
# responses with timestamps, what fits into about 2,000 output tokens.
CAPABILITIES = {
    "whisper-1": Capability("verbose_json", 480, has_timestamps=True, has_speakers=False),
    "gpt-4o-transcribe-diarize": Capability(
        "diarized_json",
        480,
        has_timestamps=True,
        has_speakers=True,
        needs_chunking_strategy=True,
    ),
    "gpt-4o-transcribe": Capability("json", 1400, has_timestamps=False, has_speakers=False),
    "gpt-4o-mini-transcribe": Capability("json", 1400, has_timestamps=False, has_speakers=False),
    "gpt-transcribe": Capability("json", 1400, has_timestamps=False, has_speakers=False),
}
UNKNOWN_MODEL = Capability("verbose_json", 480, has_timestamps=True, has_speakers=False)
TEXT_ONLY = Capability("json", UTTERANCE_SECONDS, has_timestamps=False, has_speakers=False)
# verbose_json gives the language's English name, newer models its code.
LANGUAGE_CODES = {
    "arabic": "ar",
    "chinese": "zh",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hindi": "hi",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "polish": "pl",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "turkish": "tr",
    "ukrainian": "uk",
}
# (URL, model) pairs that turned out to return only text; kept per process.
_text_only: set[tuple[str, str]] = set()


class _ResponseSegment(BaseModel):
    text: str
    start: float = Field(ge=0, allow_inf_nan=False)
    end: float = Field(ge=0, allow_inf_nan=False)
    speaker: str | None = None
    avg_logprob: float | None = Field(default=None, allow_inf_nan=False)


class _ResponseLanguage(BaseModel):
    code: str


class _TranscriptionResponse(BaseModel):
    """The fields we use of all three JSON formats, validated because the client does not."""

    text: str
    language: str | None = None
    languages: list[_ResponseLanguage] | None = None
    segments: list[_ResponseSegment] | None = None


def known_capability(model: str) -> Capability:
    """The table's entry for a model name; unknown models are assumed to return timestamps."""
    prefix = max((name for name in CAPABILITIES if model.startswith(name)), key=len, default="")
    return CAPABILITIES.get(prefix, UNKNOWN_MODEL)


class ApiTranscriber:
    """Speech to text over POST /audio/transcriptions."""

    name = "openai"
    quality: Quality = "standard"

    def __init__(self, chosen: EngineSettings) -> None:
        self.model = chosen.transcribe_model
        self.parallel = chosen.transcribe_parallel
        self._chosen = chosen
        self._key = (chosen.transcribe_base_url, chosen.transcribe_model)

    def capability(self) -> Capability:
        """From the table; text only, once the model has refused timestamps."""
        return TEXT_ONLY if self._key in _text_only else known_capability(self.model)

    def transcribe(self, piece: Piece, *, language: str | None = None) -> PieceText:
        """Transcribe one chunk; a model without timestamps gives one segment without times.

        NeedsUtterances if a model turns out to return only text: the chunk would become one endless line.
        """
        asked = self.capability()
        with translated():
            try:
                reply = self._post(piece.path, language, asked)
            except openai.APIStatusError as error:
                if error.code == "audio_too_short":  # under 0.1 s contains no words
                    return PieceText([])
                if asked.response_format == TEXT_ONLY.response_format or not refuses_format(error):
                    raise
                _text_only.add(self._key)
                raise NeedsUtterances from None
        return _piece_text(reply, piece.end - piece.start)

    def _post(self, audio: Path, language: str | None, capability: Capability) -> _TranscriptionResponse:
        client = client_for(
            self._chosen.transcribe_base_url, self._chosen.transcribe_api_key, self._chosen.transcribe_timeout
        )
        options: dict[str, Any] = {"response_format": capability.response_format}
        if capability.needs_chunking_strategy:
            options["chunking_strategy"] = "auto"
        if language:
            options["language"] = language
        with audio.open("rb") as file:  # streamed: several long chunks at once would fill the memory
            reply = client.audio.transcriptions.with_raw_response.create(
                file=("piece.flac", file, "audio/flac"), model=self.model, **options
            )
        try:
            return _TranscriptionResponse.model_validate_json(reply.content)
        except ValidationError:  # also HTML, an empty body or broken JSON; its message would quote the response
            raise Transient("bad_reply") from None


def _piece_text(reply: _TranscriptionResponse, seconds: float) -> PieceText:
    segments = [_segment(segment, seconds) for segment in reply.segments or [] if segment.text.strip()]
    if not segments and reply.text.strip():
        segments = [RawSegment(reply.text.strip())]
    return PieceText(segments, _language(reply))


def _segment(segment: _ResponseSegment, seconds: float) -> RawSegment:
    # Whisper uses windows of 30 s and may return an end after the end of the chunk.
    start = min(segment.start, seconds)
    confidence = None if segment.avg_logprob is None else math.exp(min(segment.avg_logprob, 0.0))
    return RawSegment(segment.text.strip(), start, max(start, min(segment.end, seconds)), segment.speaker, confidence)


def _language(reply: _TranscriptionResponse) -> str | None:
    named = reply.languages[0].code if reply.languages else reply.language or ""
    return LANGUAGE_CODES.get(named.lower(), named.lower()[:8]) or None


@dataclass
class _Calls:
    """Of one draft: what is asked before each, and the tokens paid, those of unusable replies included."""

    before: BeforeCall
    prompt: int = 0
    completion: int = 0

    def add(self, usage: Any) -> None:
        """Add a response's usage; many servers send none, zeros or nulls."""
        self.prompt += getattr(usage, "prompt_tokens", None) or 0
        self.completion += getattr(usage, "completion_tokens", None) or 0


class ApiExtractor:
    """Notes over POST /chat/completions with a strict schema and no tools."""

    name = "openai"
    quality: Quality = "standard"
    prompt_version = PROMPT_VERSION

    def __init__(self, chosen: EngineSettings) -> None:
        self.model = chosen.llm_model
        self._chosen = chosen

    def extract(self, segments: Sequence[Segment], *, before_call: BeforeCall = unasked) -> Draft:
        """Draft notes; a transcript too long for the model is drafted in parts and merged."""
        calls = _Calls(before_call)
        spoken = [segment for segment in segments if segment.text.strip()]
        drafts = [notes for part in windows(spoken, WINDOW_CHARS) for notes in self._drafts(part, calls, HALVINGS)]
        notes = normalise(merged(drafts)) if drafts else empty_notes()
        return Draft(notes.model_dump(mode="json"), calls.prompt, calls.completion)

    def _drafts(self, part: Sequence[Segment], calls: _Calls, halvings: int) -> Iterable[ExtractedNotes]:
        try:
            return [self._ask(part, calls)]
        except NeedsSmaller:
            if not halvings or len(part) == 1:
                raise Permanent("too_long") from None
        middle = len(part) // 2
        return [notes for half in (part[:middle], part[middle:]) for notes in self._drafts(half, calls, halvings - 1)]

    def _ask(self, part: Sequence[Segment], calls: _Calls) -> ExtractedNotes:
        calls.before()
        client = client_for(self._chosen.llm_base_url, self._chosen.llm_api_key, self._chosen.llm_timeout)
        prompt: Any = messages(part)
        with translated():
            reply = client.chat.completions.with_raw_response.parse(
                model=self.model, messages=prompt, response_format=ExtractedNotes
            )
            return _notes(reply, calls)


def _notes(reply: Any, calls: _Calls) -> ExtractedNotes:
    """Parse the notes of a response with status 200, whatever it contains."""
    try:
        completion = reply.parse()
        calls.add(completion.usage)
        message = completion.choices[0].message
        notes, refusal = message.parsed, message.refusal
    except openai.LengthFinishReasonError as error:
        calls.add(error.completion.usage)
        raise
    # The client raises these four for broken JSON, HTML and missing fields.
    except (ValueError, AttributeError, TypeError, IndexError):
        raise Transient("bad_reply") from None
    if refusal:
        raise Permanent("refused")
    if not isinstance(notes, ExtractedNotes):
        raise Transient("bad_reply")
    return notes
