"""Selection of engines by settings."""

from dataclasses import replace
from pathlib import Path

from django.conf import settings

from sessions_app.pipeline.drafting.style import DEFAULT, Style
from sessions_app.pipeline.engines.base import EngineSettings
from sessions_app.pipeline.types import BeforeCall, Extractor, Transcriber, Verifier


def from_settings(*, external: bool = True) -> EngineSettings:
    """The operator's configuration from Django's settings; without servers unless `external` ones are allowed."""
    chosen = EngineSettings(
        transcribe_base_url=settings.TRANSCRIBE_BASE_URL,
        transcribe_model=settings.TRANSCRIBE_MODEL,
        transcribe_api_key=settings.TRANSCRIBE_API_KEY,
        transcribe_timeout=settings.TRANSCRIBE_TIMEOUT,
        transcribe_parallel=settings.TRANSCRIBE_PARALLEL,
        llm_base_url=settings.LLM_BASE_URL,
        llm_model=settings.LLM_MODEL,
        llm_api_key=settings.LLM_API_KEY,
        llm_timeout=settings.LLM_TIMEOUT,
        whisper_model_dir=Path(settings.WHISPER_MODEL_DIR) if settings.WHISPER_MODEL_DIR else None,
        moonshine_model_dir=Path(settings.MOONSHINE_MODEL_DIR) if settings.MOONSHINE_MODEL_DIR else None,
    )
    if external:
        return chosen
    return replace(chosen, transcribe_base_url="", transcribe_api_key="", llm_base_url="", llm_api_key="")


def uses_speech_service(chosen: EngineSettings) -> bool:
    """Whether recordings go to a server."""
    return bool(chosen.transcribe_base_url or chosen.transcribe_api_key)


# Engines are imported only when selected: the openai client alone adds about a second at start-up.
def transcriber(chosen: EngineSettings | None = None) -> Transcriber:
    """The configured API, else the Whisper model folder, else the small model of this machine.

    ConfigurationError if there is none: the optional package of that model is not installed everywhere.
    """
    chosen = chosen or from_settings()
    if uses_speech_service(chosen):
        from sessions_app.pipeline.engines.openai_audio import ApiTranscriber

        return ApiTranscriber(chosen)
    if chosen.whisper_model_dir:
        from sessions_app.pipeline.engines.whisper import WhisperTranscriber

        return WhisperTranscriber(chosen)
    from sessions_app.pipeline.engines.moonshine import MoonshineTranscriber

    return MoonshineTranscriber(chosen)


def extractor(
    chosen: EngineSettings | None = None, *, has_low_quality: bool = False, style: Style = DEFAULT
) -> Extractor:
    """The configured API, else the built-in keyword extractor, which says less of a transcript of low quality."""
    chosen = chosen or from_settings()
    if has_model(chosen):
        from sessions_app.pipeline.engines.openai_chat import ApiExtractor

        return ApiExtractor(chosen, style)
    from sessions_app.pipeline.drafting.keyword_extractor import KeywordExtractor

    return KeywordExtractor(has_low_quality=has_low_quality, most_quotes=style.most_quotes)


def verifier(chosen: EngineSettings, before_call: BeforeCall) -> Verifier | None:
    """The second pass over what a model drafted; None for the built-in extractor."""
    if not has_model(chosen):
        return None
    from sessions_app.pipeline.engines.openai_verifier import ApiVerifier

    return ApiVerifier(chosen, before_call)


def has_model(chosen: EngineSettings) -> bool:
    """Whether a language model drafts."""
    return bool(chosen.llm_base_url or chosen.llm_api_key)
