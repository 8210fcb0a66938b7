"""Writing transcripts as files that read back with the same words, times and labels."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from sessions_app.pipeline.lexicon.roles import role_of
from sessions_app.pipeline.text.matching import printable
from sessions_app.pipeline.transcripts.lines import opening
from sessions_app.pipeline.transcripts.markup import escaped, unescaped, untagged
from sessions_app.pipeline.transcripts.types import Format
from sessions_app.pipeline.types import Segment, Speaker

_NAMES: dict[Speaker, str] = {"therapist": "Therapist", "patient": "Patient", "other": "Other", "unknown": "Unknown"}


def render_transcript(segments: Sequence[Segment], format: Format) -> str:
    """Render a transcript as a file; segments without times get 00:00:00.000 in srt and vtt. Ends in a line break."""
    return _RENDERERS[format](segments)


def _name(segment: Segment) -> str:
    """The label, unless it says another role than the segment has by now; the role of a segment without one."""
    said = role_of(segment.label)
    is_outdated = said is not None and segment.speaker not in {said, "unknown"}
    return segment.label if segment.label and not is_outdated else _NAMES[segment.speaker]


def _clock(seconds: float | None, point: str) -> str:
    total = round((seconds or 0.0) * 1000)
    minutes, rest = divmod(total, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def _times(segment: Segment, point: str) -> str:
    end = segment.start if segment.end is None else segment.end
    return f"{_clock(segment.start, point)} --> {_clock(end, point)}"


def _render_vtt(segments: Sequence[Segment]) -> str:
    return "WEBVTT\n" + "".join(f"\n{_times(segment, '.')}\n{_vtt_words(segment)}\n" for segment in segments)


def _vtt_words(segment: Segment) -> str:
    voice = f"<v {escaped(_name(segment))}>" if segment.label or segment.speaker != "unknown" else ""
    return voice + escaped(printable(segment.text))


def _render_srt(segments: Sequence[Segment]) -> str:
    return "\n".join(
        f"{number}\n{_times(segment, ',')}\n{_srt_words(segment)}\n" for number, segment in enumerate(segments, start=1)
    )


def _srt_words(segment: Segment) -> str:
    """Escape words only where they would be read as markup, and add a label if the speaker is known."""
    words = printable(segment.text)
    if unescaped(untagged(words)) != words or "-->" in words:
        words = escaped(words)
    name = _name(segment)
    is_plain = name == _NAMES["unknown"] and opening(words).use in {"none", "alone"}
    return words if is_plain else f"{name}: {words}"


def _render_txt(segments: Sequence[Segment]) -> str:
    return "".join(_txt_line(segment) for segment in segments)


def _txt_line(segment: Segment) -> str:
    stamp = "" if segment.start is None else f"[{_clock(segment.start, '.')}] "
    return f"{stamp}{_name(segment)}: {printable(segment.text)}\n"


def _render_json(segments: Sequence[Segment]) -> str:
    return json.dumps({"segments": [asdict(segment) for segment in segments]}, ensure_ascii=False, indent=1) + "\n"


_RENDERERS: dict[Format, Callable[[Sequence[Segment]], str]] = {
    "vtt": _render_vtt,
    "srt": _render_srt,
    "txt": _render_txt,
    "json": _render_json,
}
