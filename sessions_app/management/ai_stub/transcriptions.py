"""The stub's POST /v1/audio/transcriptions."""

import errno
import io
import re
from collections.abc import Sequence
from typing import Any

import av
from av.error import FFmpegError, InvalidDataError

from sessions_app.management.ai_stub.replies import Reply, as_json, error
from sessions_app.management.ai_stub.speech import Line, transcribed
from sessions_app.pipeline.audio.decode import RATE

LARGEST_FILE = 25_000_000  # bytes
SHORTEST_SECONDS = 0.1
UNCHUNKED_SECONDS = 30.0
EVERY_FORMAT = {"json", "text", "verbose_json", "diarized_json"}
# As documented by the provider; all other models accept every format.
FORMATS = {
    "whisper-1": {"json", "text", "verbose_json"},
    "gpt-4o-transcribe-diarize": {"json", "text", "diarized_json"},
    "gpt-4o-transcribe": {"json"},
    "gpt-4o-mini-transcribe": {"json"},
    "gpt-transcribe": {"json"},
    "stub-text": {"json", "text"},
}
# How Whisper measures a window in which nobody speaks.
SILENCE = {"avg_logprob": -1.2, "no_speech_prob": 0.93}


def read_pcm(flac: bytes) -> bytes:
    """The samples of a FLAC file as 16 kHz mono signed 16-bit; raises FFmpegError if there are none."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(io.BytesIO(flac), mode="r", format="flac") as container:
        frames = [part for frame in [*container.decode(audio=0), None] for part in resampler.resample(frame)]
    if not frames:  # the demuxer accepts any bytes as FLAC
        raise InvalidDataError(errno.EINVAL, "no audio")
    return b"".join(frame.to_ndarray().tobytes() for frame in frames)


def parse_form(body: bytes, content_type: str) -> dict[str, bytes]:
    """The fields of a multipart/form-data body."""
    boundary = re.search(r'boundary="?([^";]+)"?', content_type)
    fields = {}
    for part in body.split(b"--" + boundary[1].encode())[1:-1] if boundary else []:
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'\bname="([^"]*)"', head)
        if name:
            fields[name[1].decode()] = content.removesuffix(b"\r\n")
    return fields


def transcription(fields: dict[str, bytes], truth: Sequence[Line]) -> Reply:
    """Transcribe a FLAC file; rejects what the provider rejects."""
    model, wanted = fields["model"].decode(), fields.get("response_format", b"json").decode()
    if len(fields["file"]) > LARGEST_FILE:
        return error(413, "Maximum content size limit exceeded.")
    if wanted not in FORMATS.get(model, EVERY_FORMAT):
        return error(400, f"response_format '{wanted}' is not supported", "unsupported_value", "response_format")
    try:
        pcm = read_pcm(fields["file"])
    except FFmpegError:
        return error(400, "Audio file might be corrupted or unsupported.", "invalid_value", "file")
    seconds = len(pcm) / 2 / RATE
    if seconds < SHORTEST_SECONDS:
        return error(400, "Audio file is too short.", "audio_too_short", "file")
    if wanted == "diarized_json" and seconds > UNCHUNKED_SECONDS and "chunking_strategy" not in fields:
        return error(400, "chunking_strategy is required for diarization models", None, "chunking_strategy")
    return _formatted(transcribed(pcm, truth), seconds, wanted, model)


def _formatted(lines: Sequence[Line], seconds: float, wanted: str, model: str) -> Reply:
    text = " ".join(line.text for line in lines)
    if wanted == "text":
        return Reply(text.encode() + b"\n", content_type="text/plain; charset=utf-8")
    if wanted == "json":
        return as_json({"text": text, "usage": {"type": "duration", "seconds": round(seconds)}})
    described = _verbose if wanted == "verbose_json" else _diarized
    segments = [described(number, line) for number, line in enumerate(lines)]
    if model == "stub-hallucinates":
        segments.append(_verbose(len(lines), Line(seconds, seconds, "Thanks for watching!", "")) | SILENCE)
    head: dict[str, Any] = {"task": "transcribe", "duration": seconds, "text": text, "segments": segments}
    return as_json(head | {"language": "english"} if wanted == "verbose_json" else head)


def _verbose(number: int, line: Line) -> dict[str, Any]:
    times = {"seek": 0, "start": line.start, "end": line.end}
    measures = {"temperature": 0.0, "avg_logprob": -0.2, "compression_ratio": 1.2, "no_speech_prob": 0.01}
    return {"id": number, "text": f" {line.text}", "tokens": []} | times | measures


def _diarized(number: int, line: Line) -> dict[str, Any]:
    label = {"id": f"seg_{number}", "type": "transcript.text.segment", "speaker": line.speaker}
    return label | {"start": line.start, "end": line.end, "text": line.text}
