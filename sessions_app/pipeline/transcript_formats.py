"""Reading and writing transcripts: WebVTT, SubRip, plain text and JSON. Times are in seconds."""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from math import isfinite
from pathlib import PurePath
from typing import Any, Literal

from sessions_app.pipeline.speakers.labels import Voices, is_role, label_of
from sessions_app.pipeline.text.matching import fold, printable
from sessions_app.pipeline.types import Segment, Speaker
from therapybridge.core.errors import TooLarge, Unprocessable

Format = Literal["txt", "srt", "vtt", "json"]
MAX_BYTES = 5 * 1024 * 1024
MAX_SEGMENTS = 20_000
MAX_SECONDS = 100 * 3600

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_CLOCK}\s+-->\s+{_CLOCK}(?:\s.*)?")
# Without this, a search inside a run of spaces would take quadratic time.
_STAMP = re.compile(rf"(?<!\s)\s*[\[(]{_CLOCK}(?:\s*[-–>]+\s*{_CLOCK})?[\])]\s*(?:-\s+)?")  # noqa: RUF001  dash
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^\s<>][^<>]*)>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>")
_SRT_TAG = re.compile(rf"{_TAG.pattern}|\{{\\[^{{}}]*\}}")
_NOT_CUES = ("NOTE", "STYLE", "REGION")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a]")
_BINARY_SHARE = 0.02
_BINARY_FLOOR = 8  # control characters are dropped, not rejected
_WIDE_SHARE = 0.25  # share of zero bytes: UTF-16 without a byte order mark
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DOCUMENTS = (b"PK\x03\x04", b"%PDF", b"{\\rtf")
_NAMES: dict[Speaker, str] = {"therapist": "Therapist", "patient": "Patient", "other": "Other", "unknown": "Unknown"}


@dataclass(frozen=True, slots=True)
class ParsedTranscript:
    """Segments numbered from 0 with monotonic times, and the detected format."""

    segments: list[Segment]
    format: Format


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text and its number, counted from 1."""

    number: int
    text: str


def parse_transcript(data: bytes, filename: str) -> ParsedTranscript:
    """Read an uploaded transcript.

    Raises TooLarge (5 MB, 20,000 segments) and Unprocessable with the codes empty_transcript and
    unreadable_transcript; the message of the latter names the line or entry.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge("The transcript is larger than 5 MB.")
    text = _decoded(data)
    if not text.strip():
        raise _empty()
    chosen = _format_of(text, filename)
    voices = Voices(_STAMP.sub("", line, count=1).strip() for line in _LINE_BREAK.split(text))
    return ParsedTranscript(_numbered(_PARSERS[chosen](text, voices)), chosen)


def render_transcript(segments: Sequence[Segment], format: Format) -> str:
    """Render a transcript as a file; segments without times get 00:00:00.000 in srt and vtt. Ends in a line break."""
    return _RENDERERS[format](segments)


def _empty() -> Unprocessable:
    return Unprocessable("The transcript contains no words.", code="empty_transcript")


def _unreadable(place: str, problem: str) -> Unprocessable:
    return Unprocessable(f"The transcript could not be read: {place} {problem}.", code="unreadable_transcript")


def _decoded(data: bytes) -> str:
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if data.startswith(_DOCUMENTS) or len(_CONTROL.findall(text)) > max(_BINARY_FLOOR, _BINARY_SHARE * len(text)):
        raise _unreadable("line 1", "is not text")
    return _CONTROL.sub("", text)


def _encoding(data: bytes) -> str:
    known = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    start = data[:200]
    if known or start.count(b"\0") <= _WIDE_SHARE * len(start):
        return known or "utf-8"
    return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"


def _format_of(text: str, filename: str) -> Format:
    """Detect the format by content, or else by file name."""
    start = text.lstrip()
    if start.startswith("WEBVTT"):
        return "vtt"
    if re.match(r"[{]|\[\s*[{\]]", start):
        return "json"
    if re.match(rf"(?:\d+\s*\n)?{_CLOCK}\s+-->", start):
        return "srt"
    by_name: dict[str, Format] = {".vtt": "vtt", ".srt": "srt", ".json": "json"}
    return by_name.get(PurePath(filename).suffix.lower(), "txt")


def _numbered(found: Iterable[Segment]) -> list[Segment]:
    spoken = [replace(segment, text=words) for segment in found if (words := printable(segment.text))]
    if not any(fold(segment.text) for segment in spoken):
        raise _empty()
    if len(spoken) > MAX_SEGMENTS:
        raise TooLarge(f"The transcript has more than {MAX_SEGMENTS:,} lines.")
    if all(segment.start is not None for segment in spoken):
        spoken.sort(key=lambda segment: max(segment.start or 0.0, 0.0))
    return list(_monotonic(spoken))


def _monotonic(segments: Iterable[Segment]) -> Iterator[Segment]:
    latest = 0.0
    for index, segment in enumerate(segments):
        if segment.start is None:
            yield replace(segment, index=index, end=None)
            continue
        latest = max(segment.start, latest)
        end = latest if segment.end is None else max(segment.end, latest)
        yield replace(segment, index=index, start=latest, end=end)


def _seconds(clock: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in clock)
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return (whole * 1000 + int(fraction.ljust(3, "0"))) / 1000


def _blocks(text: str) -> Iterator[list[_Line]]:
    block: list[_Line] = []
    for number, line in enumerate(_LINE_BREAK.split(text), start=1):
        if line.replace("\ufeff", "").strip():
            block.append(_Line(number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _parse_vtt(text: str, voices: Voices) -> Iterator[Segment]:
    for at, block in enumerate(_blocks(text)):
        cue = block[1:] if at == 0 and block[0].text.lstrip("\ufeff").startswith("WEBVTT") else block
        if at == 0 and not any(_TIMING.fullmatch(line.text) for line in cue):
            continue
        if cue[0].text.split()[0] not in _NOT_CUES:
            start, end, payload = _cue(cue)
            for speaker, words, label in _spans(payload, voices):
                yield Segment(0, start, end, words, speaker, label=label)


def _parse_srt(text: str, voices: Voices) -> Iterator[Segment]:
    for block in _blocks(text):
        start, end, payload = _cue(block)
        speaker, words = voices.split(printable(_SRT_TAG.sub("", payload)))
        yield Segment(0, start, end, html.unescape(words), speaker or "unknown")


def _cue(block: Sequence[_Line]) -> tuple[float, float, str]:
    """Start, end and payload; an identifier may precede the times."""
    for at, line in enumerate(block[:2]):
        match = _TIMING.fullmatch(line.text)
        if match:
            clock = match.groups()
            payload = "\n".join(following.text for following in block[at + 1 :])
            return _seconds(clock[:4]), _seconds(clock[4:8]), payload
    raise _unreadable(f"line {block[0].number}", "should be followed by times such as 00:01.000 --> 00:02.000")


def _spans(payload: str, voices: Voices) -> Iterator[tuple[Speaker, str, str]]:
    before, *spans = _VOICE.split(payload)
    speaker, words = voices.split(printable(_TAG.sub("", before)))
    yield speaker or "unknown", html.unescape(words), ""
    for name, span in zip(spans[::2], spans[1::2], strict=True):
        label = html.unescape(name).strip()
        yield voices.role(label), html.unescape(_TAG.sub("", span)), "" if is_role(label) else label


def _parse_txt(text: str, voices: Voices) -> list[Segment]:
    """Segments start at a time or a label; prose is split into paragraphs or, without blank lines, into lines."""
    found: list[Segment] = []
    blocks = list(_blocks(text))
    for block in blocks:
        for at, line in enumerate(block):
            segment = _spoken(line.text, voices)
            if segment is not None:
                found.append(segment)
            elif at and (len(blocks) > 1 or _is_marked(found[-1])):
                found[-1] = replace(found[-1], text=f"{found[-1].text} {line.text}")
            else:
                found.append(Segment(0, None, None, line.text, found[-1].speaker if found else "unknown"))
    return _ending_with_the_next(found)


def _spoken(line: str, voices: Voices) -> Segment | None:
    """The segment started by a line with a time, a label or both, in either order; None for running text."""
    stamp = _STAMP.match(line)
    speaker, words = voices.split(line[stamp.end() :] if stamp else line.strip())
    if speaker is None and stamp is None:
        return None
    return Segment(0, _seconds(stamp.groups()[:4]) if stamp else None, None, words, speaker or "unknown")


def _is_marked(segment: Segment) -> bool:
    return segment.start is not None or segment.speaker != "unknown"


def _ending_with_the_next(found: list[Segment]) -> list[Segment]:
    following = [segment.start for segment in found[1:]] + [None]
    return [
        segment if segment.start is None else replace(segment, end=segment.start if upcoming is None else upcoming)
        for segment, upcoming in zip(found, following, strict=True)
    ]


def _parse_json(text: str, voices: Voices) -> Iterator[Segment]:
    try:
        content = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise _unreadable(f"line {error.lineno}", "is not valid JSON") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable("line 1", "starts JSON that is nested too deeply or has a number that is too long") from error
    entries = content.get("segments") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise _unreadable("line 1", 'should start a list of lines or an object with "segments"')
    return (_entry(number, entry, voices) for number, entry in enumerate(entries, start=1))


def _entry(number: int, entry: Any, voices: Voices) -> Segment:
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        raise _unreadable(f"entry {number}", 'should be an object with a "text"')
    start, end = (_time(number, entry.get(key)) for key in ("start", "end"))
    name = entry.get("speaker")
    role = voices.role(name) if isinstance(name, str) else "unknown"
    return Segment(0, start, end, entry["text"], role, _share(entry.get("confidence")))


def _time(number: int, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -MAX_SECONDS <= value <= MAX_SECONDS:
        raise _unreadable(f"entry {number}", "should have its times in seconds")
    return max(float(value), 0.0)


def _share(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return None
    return float(value) if isfinite(value) else None


def _clock(seconds: float | None, point: str) -> str:
    total = round((seconds or 0.0) * 1000)
    minutes, rest = divmod(total, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def _times(segment: Segment, point: str) -> str:
    end = segment.start if segment.end is None else segment.end
    return f"{_clock(segment.start, point)} --> {_clock(end, point)}"


def _render_vtt(segments: Sequence[Segment]) -> str:
    cues = (
        f"\n{_times(segment, '.')}\n<v {_NAMES[segment.speaker]}>{html.escape(printable(segment.text), quote=False)}\n"
        for segment in segments
    )
    return "WEBVTT\n" + "".join(cues)


def _render_srt(segments: Sequence[Segment]) -> str:
    return "\n".join(
        f"{number}\n{_times(segment, ',')}\n{_srt_words(segment)}\n" for number, segment in enumerate(segments, start=1)
    )


def _srt_words(segment: Segment) -> str:
    """Escape words only where they would be read as markup, and add a label if the speaker is known."""
    words = printable(segment.text)
    if html.unescape(_SRT_TAG.sub("", words)) != words:
        words = html.escape(words, quote=False).replace("{", "&#123;")
    is_plain = segment.speaker == "unknown" and label_of(words) is None
    return words if is_plain else f"{_NAMES[segment.speaker]}: {words}"


def _render_txt(segments: Sequence[Segment]) -> str:
    return "".join(_txt_line(segment) for segment in segments)


def _txt_line(segment: Segment) -> str:
    stamp = "" if segment.start is None else f"[{_clock(segment.start, '.')}] "
    return f"{stamp}{_NAMES[segment.speaker]}: {printable(segment.text)}\n"


def _render_json(segments: Sequence[Segment]) -> str:
    return json.dumps({"segments": [asdict(segment) for segment in segments]}, ensure_ascii=False, indent=1) + "\n"


_PARSERS: dict[Format, Callable[[str, Voices], Iterable[Segment]]] = {
    "vtt": _parse_vtt,
    "srt": _parse_srt,
    "txt": _parse_txt,
    "json": _parse_json,
}
_RENDERERS: dict[Format, Callable[[Sequence[Segment]], str]] = {
    "vtt": _render_vtt,
    "srt": _render_srt,
    "txt": _render_txt,
    "json": _render_json,
}
