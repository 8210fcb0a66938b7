"""Choose the sound track to transcribe: films and call recorders may have several."""

from dataclasses import dataclass
from pathlib import Path

from sessions_app.pipeline.audio.cuts import speech_spans
from sessions_app.pipeline.audio.decode import Decoder, mixed_down, whole_seconds
from sessions_app.pipeline.audio.levels import FRAMES_PER_SECOND, LevelMeter, speech_threshold, tonal_share
from sessions_app.pipeline.audio.parts import parts_of
from sessions_app.pipeline.audio.probe import open_part, usable_tracks
from sessions_app.pipeline.audio.sniff import DEMUXERS
from sessions_app.pipeline.types import AudioInfo
from therapybridge.core.errors import DomainError

HEARD = 1.0  # seconds of speech that make a track worth mentioning


@dataclass(frozen=True, slots=True)
class Track:
    """The chosen track among those that can be decoded, and what to say about the others."""

    index: int
    of: int  # all sound tracks in the file
    warnings: list[str]


def choose_track(path: Path, info: AudioInfo) -> Track:
    """The track with most speech; whoever has several tracks must know what was left out."""
    usable, total = _tracks_of(path, info)
    if total <= 1:
        return Track(0, total, [])
    spoken = [_speech_seconds(path, info, track) for track in range(len(usable))]
    chosen = spoken.index(max(spoken))
    silenced = [usable[n] for n, seconds in enumerate(spoken) if n != chosen and seconds >= HEARD]
    unread = [number for number in range(1, total + 1) if number not in usable]
    return Track(chosen, total, _warnings(usable[chosen], silenced, unread))


def _tracks_of(path: Path, info: AudioInfo) -> tuple[list[int], int]:
    """The numbers, from 1, of the tracks that can be decoded, and of how many; of the part that has most."""
    found: tuple[list[int], int] = ([1], 1)
    for part in parts_of(path, DEMUXERS[info.format]):
        try:
            with open_part(path, info.format, part) as container:
                usable = {stream.index for stream in usable_tracks(container)}
                streams = container.streams.audio
                numbers = [number for number, stream in enumerate(streams, 1) if stream.index in usable]
                found = max(found, (numbers, len(streams)), key=lambda tracks: len(tracks[0]))
        except DomainError:
            continue
    return found


def _speech_seconds(path: Path, info: AudioInfo, track: int) -> float:
    """Seconds of speech in a track; beeps and tones count for nothing."""
    meter = LevelMeter()
    for block in whole_seconds(Decoder(path, info, track)):
        meter.feed(mixed_down(block), block)
    threshold = speech_threshold(meter.levels)
    spans = speech_spans(meter.levels, threshold)
    spoken = float((spans[:, 1] - spans[:, 0]).sum()) / FRAMES_PER_SECOND
    return spoken * (1 - tonal_share(meter.tones, meter.levels, threshold))


def _warnings(chosen: int, silenced: list[int], unread: list[int]) -> list[str]:
    warnings = []
    if silenced:
        others = "sound tracks" if len(silenced) > 1 else "sound track"
        warnings.append(f"Only sound track {chosen} was used; speech in {others} {_listed(silenced)} was left out.")
    if unread:
        warnings.append(f"Only sound track {chosen} was used; track {_listed(unread)} cannot be read.")
    return warnings


def _listed(numbers: list[int]) -> str:
    return " and ".join(filter(None, (", ".join(map(str, numbers[:-1])), str(numbers[-1]))))
