"""Data classes passed between the pipeline's modules. Times are in seconds from the start of the recording."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from sessions_app.pipeline.engines.base import EngineError

Speaker = Literal["therapist", "patient", "other", "unknown"]
Quality = Literal["standard", "small_model", "unreliable", "keyword_draft"]
# "unasked": the call failed or was skipped, so nobody has looked.
Support = Literal["supports", "contradicts", "not_enough", "unasked"]
# Asked before each call that sends what was said to somebody else, and before each step that takes long; what it raises
# ends the work.
BeforeCall = Callable[[], object]


def unasked() -> None:
    """For calls that nobody needs to be asked about."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One line of a transcript; start and end are None if the source had no times.

    `label` is the name of the voice as the source had it; `speaker` is the role that was found for it.
    """

    index: int
    start: float | None
    end: float | None
    text: str
    speaker: Speaker = "unknown"
    confidence: float | None = None  # 0..1
    label: str = ""


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """The probe's result; duration is None only if the header has none and no packet was scanned."""

    format: str
    mime: str
    codec: str
    channels: int
    sample_rate: int
    duration: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk: a FLAC file (16 kHz mono) cut at silences; start and end are positions in the whole recording.

    `speech` are the spans in which somebody speaks, from the start of the chunk; None if nobody measured.
    """

    index: int
    start: float
    end: float
    path: Path
    speech: list[list[float]] | None = None


@dataclass(frozen=True, slots=True)
class SplitResult:
    """The result of splitting the audio; peaks are 0..1 amplitudes for drawing a waveform."""

    pieces: list[Piece]
    duration: float  # seconds of the recording's clock, including gaps
    declared: float | None  # seconds declared by the header
    speech_seconds: float
    peaks: list[float]
    warnings: list[str] = field(default_factory=list)
    tonal_share: float = 0.0  # 0..1, share of the loud parts that is a pure tone
    track: int = 0  # the sound track that was read, among those that can be decoded
    tracks: int = 1  # in the file
    is_corrected: bool = False  # the file's own time stamps are not the recording's clock
    channel_balance: list[int] | None = None  # left minus right in dB per 0.1 s; None unless each has its own speaker


@dataclass(frozen=True, slots=True)
class RawSegment:
    """A line as returned by a provider; start and end are relative to its chunk, None without timestamps."""

    text: str
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PieceText:
    """An engine's transcription of one chunk."""

    segments: list[RawSegment]
    language: str | None = None
    invented: int = 0  # lines left out because the engine itself took them for silence


@dataclass(frozen=True, slots=True)
class Capability:
    """A transcription model's capabilities; `seconds` is the longest chunk it accepts."""

    response_format: str
    max_seconds: float
    has_timestamps: bool
    has_speakers: bool
    needs_chunking_strategy: bool = False
    only_language: str = ""  # the code of the one language that it understands


class Transcriber(Protocol):
    """An engine that transcribes one chunk of audio; raises EngineErrors."""

    name: str
    model: str
    quality: Quality
    parallel: int

    def capability(self) -> Capability:
        """The configured model's capabilities, as far as known."""
        ...

    def transcribe(self, piece: Piece, *, language: str | None = None, before_call: BeforeCall = unasked) -> PieceText:
        """Transcribe one chunk; blocking, thread-safe. `before_call` is asked before each step that takes seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement and the only lines that a second pass may judge it by."""

    text: str
    lines: tuple[Segment, ...]


class Verifier(Protocol):
    """A second pass by a model; it counts the tokens it used, and keeps the error after which it asked nothing more."""

    failure: EngineError | None

    @property
    def prompt_tokens(self) -> int:
        """Of all calls so far."""
        ...

    @property
    def completion_tokens(self) -> int:
        """Of all calls so far."""
        ...

    def support(self, claims: Sequence[Claim]) -> list[Support]:
        """Whether the lines of each claim support it, in order; "unasked" where the call failed or was skipped."""
        ...


class Extractor(Protocol):
    """An engine that drafts notes from a transcript; raises EngineErrors."""

    name: str
    model: str
    quality: Quality
    prompt_version: str

    def extract(
        self, segments: Sequence[Segment], *, protected: Set[int], before_call: BeforeCall = unasked
    ) -> "Draft":
        """Draft notes over the whole transcript; blocking. Whatever is sent out is sent after `before_call`."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """Notes as the engine drafted them (ExtractedNotes as a dict), with tokens; `unreadable` items were dropped."""

    notes: dict[str, object]
    prompt_tokens: int = 0
    completion_tokens: int = 0
    unreadable: int = 0
