"""Speech to text over the OpenAI API and compatible servers."""

from pathlib import Path
from typing import Any

import openai
from pydantic import BaseModel, ValidationError

from sessions_app.pipeline.engines.base import (
    UTTERANCE_SECONDS,
    EngineSettings,
    NeedsUtterances,
    Transient,
)
from sessions_app.pipeline.engines.heard import heard
from sessions_app.pipeline.engines.openai_client import client_for
from sessions_app.pipeline.engines.openai_errors import refuses_format, translated
from sessions_app.pipeline.types import (
    BeforeCall,
    Capability,
    Piece,
    PieceText,
    Quality,
    RawSegment,
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


class _ResponseLanguage(BaseModel):
    code: str


class _TranscriptionResponse(BaseModel):
    """The fields we use of all three JSON formats, validated because the client does not."""

    text: str
    language: str | None = None
    languages: list[_ResponseLanguage] | None = None
    segments: list[dict[str, Any]] | None = None


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

    def transcribe(self, piece: Piece, *, language: str | None = None, before_call: BeforeCall = unasked) -> PieceText:
        """Transcribe one chunk; a model without timestamps gives one segment without times.

        NeedsUtterances if a model turns out to return only text: the chunk would become one endless line.
        """
        before_call()
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
    spoken, invented = heard(reply.segments or [], seconds)
    if not spoken and not invented and reply.text.strip():
        spoken = [RawSegment(reply.text.strip())]
    return PieceText(spoken, _language(reply), invented)


def _language(reply: _TranscriptionResponse) -> str | None:
    named = reply.languages[0].code if reply.languages else reply.language or ""
    return LANGUAGE_CODES.get(named.lower(), named.lower()[:8]) or None
