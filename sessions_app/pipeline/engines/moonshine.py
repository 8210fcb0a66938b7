"""Speech to text with a small model on this machine, through the optional package moonshine-voice.

Its wheel contains an English model. Nothing is downloaded, and audio never leaves the process.
"""

import functools
import importlib.util
import threading
from pathlib import Path
from typing import Any

from av.error import FFmpegError

from sessions_app.pipeline.audio.decode import RATE, Samples
from sessions_app.pipeline.audio.splitter import read_flac
from sessions_app.pipeline.engines import second_listen
from sessions_app.pipeline.engines.base import UTTERANCE_SECONDS, ConfigurationError, EngineSettings, Permanent
from sessions_app.pipeline.quality import model_quality
from sessions_app.pipeline.types import BeforeCall, Capability, Piece, PieceText, RawSegment, unasked

PACKAGE = "moonshine_voice"
BUILT_IN = "tiny-en"
MISSING = (
    "This installation has no speech engine. Add the session with a transcript, or ask your administrator for a speech "
    "service or a speech model."
)
# Its voice detector remembers the end of the last chunk, which may be of another recording; silence clears it.
BREAK = [0.0] * (RATE // 2)
_lock = threading.Lock()


class MoonshineTranscriber:
    """The engine if nothing is configured; each model understands one language."""

    name = "moonshine"
    parallel = 1  # one chunk already uses every core

    def __init__(self, chosen: EngineSettings) -> None:
        self._folder = chosen.moonshine_model_dir or _packaged_model()
        self.model = self._folder.name  # such as tiny-en: architecture and language
        self.quality = model_quality(self._folder)

    def capability(self) -> Capability:
        """Its memory grows with the length of a call, so it gets utterances; long silences are not even decoded."""
        language = self.model.rpartition("-")[2]
        return Capability("lines", UTTERANCE_SECONDS, has_timestamps=False, has_speakers=False, only_language=language)

    def transcribe(self, piece: Piece, *, language: str | None = None, before_call: BeforeCall = unasked) -> PieceText:
        """Transcribe to lines with times; `language` is ignored. `before_call` is asked before each listening.

        The confidence of a line is how much of its chunk was heard again in an altered copy; measured for some chunks.
        """

        def listen(samples: Samples) -> list[Any]:
            return self._lines(samples, before_call)

        try:
            samples = read_flac(piece.path)
        except FFmpegError:
            raise Permanent from None
        if not samples.size:  # the demuxer takes any bytes for FLAC
            raise Permanent
        lines = listen(samples)
        sure = second_listen.agreement(lines, samples, listen) if second_listen.is_due(piece) else None
        return PieceText(_segments(lines, samples.size / RATE, sure), self.capability().only_language)

    def _lines(self, samples: Samples, before_call: BeforeCall) -> list[Any]:
        floats = (samples / 32768).tolist()
        with _lock:
            before_call()  # it may have waited for the chunk of another job
            model = _model(self._folder)
            model.transcribe_without_streaming(BREAK, RATE)
            found = model.transcribe_without_streaming(floats, RATE)
        return [line for line in found.lines if line.text.strip()]


def _packaged_model() -> Path:
    spec = importlib.util.find_spec(PACKAGE)  # wheels exist only for some platforms
    if spec is None or spec.origin is None:
        raise ConfigurationError(detail=MISSING)
    return Path(spec.origin).parent / "assets" / BUILT_IN


@functools.lru_cache(maxsize=1)
def _model(folder: Path) -> Any:
    """One for each process, loaded with its first chunk: a process that is forked from one with a model hangs."""
    # The package's other names need a microphone's library.
    from moonshine_voice.errors import MoonshineError
    from moonshine_voice.moonshine_api import string_to_model_arch
    from moonshine_voice.transcriber import Transcriber

    try:
        architecture = string_to_model_arch(folder.name.rpartition("-")[0])
        return Transcriber(folder, architecture, options={"return_audio_data": "false"})
    except (ValueError, MoonshineError):
        raise ConfigurationError(detail="The speech model cannot be read. Please tell your administrator.") from None


def _segments(lines: list[Any], seconds: float, confidence: float | None) -> list[RawSegment]:
    return [
        RawSegment(line.text.strip(), line.start_time, min(line.start_time + line.duration, seconds), None, confidence)
        for line in lines
    ]
