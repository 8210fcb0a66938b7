"""Speech to text with a Whisper model in a local folder, through the optional faster-whisper package."""

import functools
import importlib
import math
import os
import threading
from pathlib import Path
from typing import Any

from sessions_app.pipeline.engines.base import ConfigurationError, EngineSettings
from sessions_app.pipeline.quality import model_quality
from sessions_app.pipeline.types import BeforeCall, Capability, Piece, PieceText, RawSegment, unasked

WINDOW_SECONDS = 30.0  # of the model; with longer chunks, a cancelled job would keep its worker for minutes
_lock = threading.Lock()


class WhisperTranscriber:
    """Runs on this machine's CPU; audio never leaves the process."""

    name = "whisper"
    parallel = 1  # one chunk already uses every core

    def __init__(self, chosen: EngineSettings) -> None:
        self._folder = chosen.whisper_model_dir or Path()
        self.model = self._folder.name
        self.quality = model_quality(self._folder)

    def capability(self) -> Capability:
        """Whisper returns the times of each segment."""
        return Capability("segments", WINDOW_SECONDS, has_timestamps=True, has_speakers=False)

    def transcribe(self, piece: Piece, *, language: str | None = None, before_call: BeforeCall = unasked) -> PieceText:
        """Transcribe one chunk; a missing folder or package is a ConfigurationError, never a silent fallback."""
        with _lock:
            before_call()  # it may have waited for the chunk of another job
            model = _model(self._folder)
            # Without the previous text, the model is less prone to repeating itself.
            found, info = model.transcribe(str(piece.path), language=language, condition_on_previous_text=False)
            segments = [_segment(part) for part in found if part.text.strip()]
        return PieceText(segments, info.language)


@functools.lru_cache(maxsize=1)
def _model(folder: Path) -> Any:
    if not (folder / "model.bin").is_file():
        raise ConfigurationError(
            detail="The folder of the speech model is missing or empty. Please tell your administrator."
        )
    os.environ["HF_HUB_OFFLINE"] = "1"  # read on import; a wrong folder must not start a download
    try:
        whisper = importlib.import_module("faster_whisper")
    except ImportError:
        raise ConfigurationError(detail="The speech engine is not installed. Please tell your administrator.") from None
    try:
        return whisper.WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)
    except (RuntimeError, ValueError, OSError):  # how ctranslate2 reports a damaged or foreign model
        raise ConfigurationError(detail="The speech model cannot be read. Please tell your administrator.") from None


def _segment(part: Any) -> RawSegment:
    confidence = math.exp(min(part.avg_logprob, 0.0))
    return RawSegment(part.text.strip(), float(part.start), float(part.end), None, confidence)
