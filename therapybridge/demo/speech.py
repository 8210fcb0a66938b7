"""From what was said in a session to the transcript file that its therapist uploads."""

import re
from zlib import crc32

from sessions_app.pipeline.speakers.resolve import People, resolve
from sessions_app.pipeline.transcripts import parse_transcript
from sessions_app.pipeline.types import Segment
from therapybridge.demo.script import Meeting

FILE_NAME = "session.vtt"
WORDS_PER_SECOND = 2.3  # a calm pace
_LINE = re.compile(r"(\d+) (\S+): (.+)")
_VOICES = {"T": "Therapist", "P": "Patient"}


def transcript_file(meeting: Meeting) -> bytes:
    """The session as WebVTT, spread over its minutes in the same way every time."""
    lines = _lines(meeting)
    times = _times([text for _, text in lines], meeting.minutes * 60)
    cues = [
        f"{_clock(start)} --> {_clock(end)}\n<v {_VOICES.get(voice, voice)}>{text}"
        for (voice, text), (start, end) in zip(lines, times, strict=True)
    ]
    return "\n\n".join(["WEBVTT", *cues, ""]).encode()


def segments(meeting: Meeting, people: People) -> tuple[Segment, ...]:
    """The lines as the upload makes them."""
    return tuple(resolve(parse_transcript(transcript_file(meeting), FILE_NAME).segments, people).segments)


def _lines(meeting: Meeting) -> list[tuple[str, str]]:
    """Voice and text of each line; ValueError if the numbers, which are cited, do not count the lines."""
    found = [_LINE.fullmatch(line) for line in meeting.said.strip().splitlines()]
    wanted = [str(number) for number in range(1, len(found) + 1)]
    if [match and match[1] for match in found] != wanted:
        raise ValueError(f"{meeting.name}: the lines are not numbered from 1")
    return [(match[2].replace("_", " "), match[3]) for match in found if match]


def _times(spoken: list[str], total: int) -> list[tuple[float, float]]:
    """Start and end of each line in seconds, at an even pace with pauses up to `total`."""
    lengths = [len(text.split()) / WORDS_PER_SECOND for text in spoken]
    silences = [0, *(1 + crc32(text.encode()) % 5 for text in spoken[1:])]
    silence = (total - sum(lengths)) / sum(silences)
    times, at = [], 0.0
    for length, share in zip(lengths, silences, strict=True):
        start = at + share * silence
        at = start + length
        times.append((round(start, 2), round(at, 2)))
    return times


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02}:{minutes:02}:{rest:06.3f}"
