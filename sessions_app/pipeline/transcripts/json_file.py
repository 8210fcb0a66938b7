"""JSON of any transcription service: the entries are found by the names of their keys."""

import json
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sessions_app.pipeline.transcripts.cues import has_cues, parse_cues
from sessions_app.pipeline.transcripts.json_entries import Entry, EntryReader, Keys, keys_of, text_of, token_of
from sessions_app.pipeline.transcripts.json_shapes import CHANNEL, LISTS, NAME, PEOPLE, WORD_LISTS, plain_key
from sessions_app.pipeline.transcripts.json_times import OTTER_RATE, RawTime, guessed_unit
from sessions_app.pipeline.transcripts.lines import labelled, opening, voices_of
from sessions_app.pipeline.transcripts.plain import parse_plain
from sessions_app.pipeline.transcripts.times import MAX_SECONDS
from sessions_app.pipeline.transcripts.types import Warnings, unreadable
from sessions_app.pipeline.types import Segment
from therapybridge.core.errors import TooLarge

MAX_ENTRIES = 200_000  # some services write one for each word
_MAX_DEPTH = 8
_LATEST = 1e11  # seconds since 1970, beyond any date
_SAMPLE = 50  # entries that show whether a list holds text


def parse_json(text: str, warnings: Warnings) -> Iterator[Segment]:
    """The segments of a JSON file; entries without text are counted and left out."""
    content = _loaded(text)
    name, items = _items(content)
    if items is None:
        return _of_text(content, warnings)
    return _segments(name, _entries(name, items, content, warnings))


def parse_rows(rows: list[dict[str, str]], warnings: Warnings) -> Iterator[Segment]:
    """The segments of a table's rows."""
    return _segments("rows", _entries("rows", rows, rows, warnings))


def _segments(name: str, entries: Sequence[Entry]) -> Iterator[Segment]:
    scale = _Scale(entries, is_otter=name == "transcripts")
    voices = voices_of(entry.text for entry in entries if not entry.label)
    for entry in entries:
        named = None if entry.label else labelled(opening(entry.text), voices)
        label, words = named or (entry.label, entry.text)
        start, end = scale.seconds(entry.start), scale.seconds(entry.end)
        yield Segment(0, start, end, words, confidence=entry.confidence, label=label)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        lines = _loaded_lines(text)
        if lines is None:
            raise unreadable(f"line {error.lineno}", "is not valid JSON") from error
        return lines
    except (ValueError, RecursionError) as error:
        raise unreadable("line 1", "starts JSON that is nested too deeply or has a number that is too long") from error


def _loaded_lines(text: str) -> list[Any] | None:
    """The objects of a file with one on each line."""
    lines = [line for line in text.split("\n") if line.strip()]
    try:
        return [json.loads(line, strict=False) for line in lines] if len(lines) > 1 else None
    except (ValueError, RecursionError):
        return None


def _items(content: Any) -> tuple[str, list[Any] | None]:
    """The name and items of the most telling list with text; lists of one name are read one after the other.

    If each of several channels has a list, they hold all there is, and each item gets the name of its channel.
    """
    if isinstance(content, list) and _has_text(content):
        return "", content
    found: dict[str, list[_List]] = defaultdict(list)
    for one in _lists(content):
        if one.name in LISTS and _has_text(one.items):
            found[one.name].append(one)
    name = next((name for name in LISTS if name in found), "")
    if not name:
        return "", None
    channels = [one for one in found[name] if one.channel is not None]
    if len({one.channel for one in channels}) > 1:
        return name, [_in_channel(item, one.channel) for one in channels for item in one.items]
    return name, [item for one in found[name] for item in one.items]


def _in_channel(item: Any, channel: Any) -> Any:
    return {"channel": channel} | item if isinstance(item, dict) else item


@dataclass(frozen=True, slots=True)
class _List:
    """A list in the file, and the channel inside of which it stands."""

    name: str
    items: list[Any]
    channel: str | int | None


def _lists(content: Any) -> Iterator[_List]:
    """All lists of a file, without those inside of entries."""
    waiting: deque[tuple[str, Any, int, str | int | None]] = deque([("", content, 0, None)])
    while waiting:
        name, value, depth, channel = waiting.popleft()
        if isinstance(value, list):
            yield _List(name, value, channel)
            if name in LISTS and _has_text(value):
                continue
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(part, dict | list) and depth < _MAX_DEPTH:
                own = _channel_name(part, key) if name == "channels" and isinstance(value, list) else channel
                waiting.append((plain_key(key) if isinstance(key, str) else name, part, depth + 1, own))


def _channel_name(channel: Any, number: Any) -> str | int:
    label = channel.get("channel_label") if isinstance(channel, dict) else None
    return label if isinstance(label, str) else int(number)


def _has_text(items: Sequence[Any]) -> bool:
    return any(isinstance(item, dict | str) and text_of(keys_of(item) or {}) for item in items[:_SAMPLE])


def _entries(name: str, items: Sequence[Any], content: Any, warnings: Warnings) -> list[Entry]:
    reader = EntryReader(_names(content), warnings, by_channel=_has_channels(items))
    if name in WORD_LISTS:
        words = [keys for item in items if (keys := keys_of(item)) is not None]
        return list(reader.runs(_with_speakers(words, content)))
    if len(items) > MAX_ENTRIES:
        raise TooLarge(f"The transcript has more than {MAX_ENTRIES:,} entries.")
    return [entry for item in _without_repetition(name, items) for entry in reader.read(item)]


def _has_channels(items: Sequence[Any]) -> bool:
    """Whether the channels of the entries tell voices apart."""
    channels = {
        str(value) for item in items for key in CHANNEL if (value := (keys_of(item) or {}).get(key)) is not None
    }
    return len(channels) > 1


def _names(content: Any) -> Mapping[str, str]:
    """The names that a file gives for the ids of its speakers."""
    people = [item for one in _lists(content) if one.name in PEOPLE for item in one.items if isinstance(item, dict)]
    names: dict[str, str] = {}
    for person in people:
        keys = keys_of(person) or {}
        name = next((keys[key] for key in NAME if isinstance(keys.get(key), str) and key != "id"), None)
        for key in ("id", "speakerid", "speaker"):
            if name and isinstance(keys.get(key), int | str):
                names[str(keys[key])] = name
    return names


def _with_speakers(words: Sequence[Keys], content: Any) -> Iterator[Keys]:
    """Words of AWS, whose speakers may stand in a list of their own, by start time."""
    others = [keys for one in _lists(content) if one.name == "items" for item in one.items if (keys := keys_of(item))]
    by_start = {str(keys.get("starttime")): keys["speakerlabel"] for keys in others if keys.get("speakerlabel")}
    for word in words:
        label = by_start.get(str(word.get("starttime")))
        yield word if label is None or word.get("speakerlabel") else {**word, "speakerlabel": label}


def _without_repetition(name: str, items: Sequence[Any]) -> Sequence[Any]:
    """Google's first version repeats all words, and only there with their speakers, in the last result."""
    if name != "results" or len(items) < 2:  # noqa: PLR2004
        return items
    *earlier, last = (_words_of(item) for item in items)
    is_told = any(word.get("speakertag") or word.get("speakerlabel") for words in earlier for word in words)
    said = [token_of(word) for words in earlier for word in words]
    is_only_told_last = not is_told and any(word.get("speakertag") or word.get("speakerlabel") for word in last)
    return items[-1:] if is_only_told_last or (last and [token_of(word) for word in last] == said) else items


def _words_of(item: Any) -> list[Keys]:
    words = (keys_of(item) or {}).get("words")
    return [keys for word in words if (keys := keys_of(word))] if isinstance(words, list) else []


def _of_text(content: Any, warnings: Warnings) -> Iterator[Segment]:
    """The segments of a file that holds its transcript as one text."""
    keys = keys_of(content) if isinstance(content, dict) else None
    text = text_of(keys) if keys else ""
    if not text:
        if isinstance(content, list) or (
            keys and any(name in keys for name in LISTS if isinstance(keys.get(name), list) and not keys[name])
        ):
            return
        raise unreadable("line 1", "should start a list of lines or an object with a list of them")
    yield from parse_cues(text, warnings) if has_cues(text) else parse_plain(text, warnings)


class _Scale:
    """Seconds from the start of the session for the times of one file."""

    def __init__(self, entries: Sequence[Entry], *, is_otter: bool) -> None:
        unit = guessed_unit([(entry.start, entry.end, len(entry.text.split())) for entry in entries])
        self._unit = 1 / OTTER_RATE if is_otter and unit < 1 and _are_samples(entries) else unit
        starts = [self._scaled(entry.start) for entry in entries if entry.start]
        self._zero = min(starts) if starts and MAX_SECONDS < min(starts) < _LATEST else 0.0  # dates

    def _scaled(self, time: RawTime) -> float:
        return round(time.value * (self._unit if time.unit is None else time.unit), 6)

    def seconds(self, time: RawTime | None) -> float | None:
        """The time in seconds, to the millisecond."""
        return None if time is None else round(self._scaled(time) - self._zero, 3)


def _are_samples(entries: Sequence[Entry]) -> bool:
    """Whether integers count samples: as milliseconds, people would take seconds for each word."""
    spans = [
        (entry.end.value - entry.start.value, len(entry.text.split())) for entry in entries if entry.start and entry.end
    ]
    return sum(length for length, _ in spans) > 1500 * sum(words for _, words in spans)
