"""Contexts of the recording and the lines of a session, to be heard and read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from sessions_app.choices import SPEAKERS, clock
from sessions_app.models import Recording, TherapySession, Transcript
from sessions_app.pipeline.types import Segment

PLAYED = '<button class="line__clock" type="button" aria-label="Play from {0}" data-line-play>{0}</button>'


def talk_context(session: TherapySession) -> dict[str, Any]:
    """The recording and the lines of a session, to be heard and read beside something else."""
    return lines_context(session, Transcript.objects.filter(session=session).first())


def lines_context(session: TherapySession, transcript: Transcript | None) -> dict[str, Any]:
    """The same for the transcript, if there is one."""
    recording = Recording.objects.filter(session=session, deleted_at=None).first()
    player = _player(recording)
    segments = [_line(segment, session.patient) for segment in transcript.lines] if transcript else []
    lines = Lines(segments, is_heard=bool(player and player["url"]))
    return {"recording": player, "segments": segments, "lines": lines, "transcript": transcript}


def _player(recording: Recording | None) -> dict[str, Any] | None:
    if recording is None:
        return None
    return {
        "url": reverse("sessions:recording", args=[recording.session_id]),
        "mime": recording.player_mime,
        "duration": recording.duration,
        "warnings": recording.warnings,
        "peaks_svg_points": _points(recording.peaks),
    }


def _points(peaks: list[float]) -> str:
    """A closed outline on a 1000 by 100 canvas, mirrored around the middle."""
    if not peaks:
        return ""
    step = 1000 / max(len(peaks) - 1, 1)
    upper = [f"{n * step:.1f},{50 - 48 * peak:.1f}" for n, peak in enumerate(peaks)]
    lower = [f"{n * step:.1f},{50 + 48 * peak:.1f}" for n, peak in enumerate(peaks)]
    return " ".join(upper + lower[::-1])


def _line(segment: Segment, patient: User) -> dict[str, Any]:
    return {
        "index": segment.index,
        "start": segment.start,
        "end": segment.end,
        "clock": clock(segment.start),
        "text": segment.text,
        "speaker": segment.speaker,
        "speaker_label": SPEAKERS[segment.speaker],
        "who": patient.first_name if segment.speaker == "patient" else _who(segment),
    }


@dataclass(frozen=True, slots=True)
class Lines:
    """The items of the list of lines. Two hours of them cost a template five times as much."""

    segments: Sequence[Mapping[str, Any]]
    is_heard: bool
    show: str = "note"  # the tab that stays open

    def to_read(self) -> SafeString:
        """Without links."""
        return self._items('<span class="line__who">{who}</span>')

    def to_correct(self) -> SafeString:
        """With a link on who is speaking."""
        address = f"?show={self.show}&amp;line={{index}}#line"
        return self._items(f'<a class="line__who" href="{address}" title="Change who said this">{{who}}</a>')

    def _items(self, who: str) -> SafeString:
        item = (
            '<li class="line line--{speaker}" id="segment-{index}"{start}{end} data-index="{index}">'
            f'{{played}} {who} <span class="line__text">{{text}}</span></li>'
        )
        return format_html_join("\n", item, (self._parts(segment) for segment in self.segments))

    def _parts(self, segment: Mapping[str, Any]) -> dict[str, Any]:
        plays = self.is_heard and segment["clock"]
        clock_html = PLAYED if plays else '<span class="line__clock">{}</span>'
        return {
            **segment,
            "start": _seconds("start", segment["start"]),
            "end": _seconds("end", segment["end"]),
            "played": format_html(clock_html, segment["clock"] or ""),
        }


def _seconds(name: str, value: float | None) -> SafeString:
    return SafeString("" if value is None else f' data-{name}="{value:.2f}"')


def _who(segment: Segment) -> str:
    """The role; for a voice without one, its label."""
    is_named = segment.label and segment.speaker in {"other", "unknown"}
    return segment.label if is_named else SPEAKERS[segment.speaker]
