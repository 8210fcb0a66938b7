"""Base of engines: errors and settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

UTTERANCE_SECONDS = 25.0  # without timestamps, a chunk becomes one line of the transcript
# Shown once no further attempt will be made.
SENTENCES = {
    "rate_limited": "The AI service was too busy, also after several attempts. Please retry later.",
    "upstream_error": "The AI service had a problem, also after several attempts. Please retry later.",
    "timeout": "The AI service took too long to answer, also after several attempts. Please retry later.",
    "connection": "The AI service could not be reached, also after several attempts. Please retry later.",
    "bad_reply": "The AI service sent unusable answers, also after several attempts. Please retry later.",
    "engine_config": "The AI service is not set up correctly. Please tell your administrator.",
    "quota": "The account at the AI service has no credit left. Please tell your administrator.",
    "refused": "The AI service declined to process this recording. Please write the note by hand.",
    "content_filtered": "A content filter of the AI service rejected this session. Please write the note by hand.",
    "rejected": "The AI service does not accept this recording. Please write the note by hand.",
    "too_long": "The conversation is too long for the AI service, even in parts. Please write the note by hand.",
    "needs_utterances": "The AI service returns no timestamps, so the recording is split into single utterances.",
    "needs_smaller": "This part is too large for the AI service and has to be split.",
}
# Other answers that cannot be used may be due to what was sent.
OUTAGES = frozenset({"rate_limited", "upstream_error", "timeout", "connection"})


class EngineError(Exception):
    """An engine's failure: a stable code and a message that is safe to show and log.

    `retriable` means that waiting may help; `retry_after` is in seconds, if the provider gave a time.
    """

    retriable: ClassVar[bool] = False
    default_code: ClassVar[str] = "rejected"

    def __init__(self, code: str = "", detail: str = "", *, retry_after: float | None = None) -> None:
        self.code = code or self.default_code
        self.detail = detail or SENTENCES[self.code]
        self.retry_after = retry_after
        super().__init__(self.detail)


class Transient(EngineError):
    """Waiting may help: rate_limited, upstream_error, timeout, connection, bad_reply."""

    retriable = True
    default_code = "upstream_error"

    @property
    def is_outage(self) -> bool:
        """Whether the engine itself is away or overloaded, whatever it was asked."""
        return self.code in OUTAGES


class EngineAway(Transient):
    """Not asked: an outage is known."""

    default_code = "connection"


class ConfigurationError(EngineError):
    """Only an administrator can help: engine_config, quota."""

    default_code = "engine_config"


class Permanent(EngineError):
    """The same input will always fail: refused, content_filtered, rejected, too_long."""


class NeedsSmaller(EngineError):
    """The same content in smaller parts may succeed."""

    default_code = "needs_smaller"


class NeedsUtterances(EngineError):
    """The model returns no timestamps: only chunks of one utterance each can be placed in the recording."""

    default_code = "needs_utterances"


@dataclass(frozen=True)
class EngineSettings:
    """The operator's configuration; timeouts are in seconds, an empty string means unset."""

    transcribe_base_url: str = ""
    transcribe_model: str = ""
    transcribe_api_key: str = ""
    transcribe_timeout: float = 300.0
    transcribe_parallel: int = 4
    llm_base_url: str = ""
    llm_model: str = ""
    llm_api_key: str = ""
    llm_timeout: float = 180.0
    whisper_model_dir: Path | None = None
    moonshine_model_dir: Path | None = None

    def __repr__(self) -> str:
        return f"EngineSettings(transcribe_model={self.transcribe_model!r}, llm_model={self.llm_model!r})"
