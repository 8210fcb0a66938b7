"""JSON of any transcription service: the entries are found by the names of their keys."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sessions_app.pipeline.transcripts.cues import has_cues, parse_cues
from sessions_app.pipeline.transcripts.json_entries import Entry, EntryReader, Keys, keys_of, text_of
from sessions_app.pipeline.transcripts.json_shapes import LISTS, NAME, PEOPLE, WORD_LISTS, plain_key
from sessions_app.pipeline.transcripts.json_times import OTTER_RATE, RawTime, guessed_unit
from sessions_app.pipeline.transcripts.lines import labelled, opening, voices_of
from sessions_app.pipeline.transcripts.plain import parse_plain
from sessions_app.pipeline.transcripts.times import MAX_SECONDS
from sessions_app.pipeline.transcripts.types import Warnings, unreadable
from sessions_app.pipeline.types import Segment

_MAX_DEPTH = 8
_LATEST = 1e11  # seconds since 1970, beyond any date
_SAMPLE = 50  # entries that show whether a list holds text


def parse_json(text: str, warnings: Warnings) -> Iterator[Segment]:
    """The segments of a JSON file; entries without text are counted and left out."""
    content = _loaded(text)
    name, items = _items(content)
    if items is None:
        yield from _of_text(content, warnings)
        return
    entries = _entries(name, items, content, warnings)
    scale = _Scale(
        entries, is_otter=name == "transcripts" and any("startoffset" in (keys_of(item) or {}) for item in items)
    )
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
    """The name and items of the most telling list with text; lists of one name are read one after the other."""
    if isinstance(content, list) and _has_text(content):
        return "", content
    found: dict[str, list[Any]] = defaultdict(list)
    for name, items in _lists(content):
        if name in LISTS and _has_text(items):
            found[name] += items
    name = next((name for name in LISTS if name in found), "")
    return name, found.get(name)


def _lists(content: Any) -> Iterator[tuple[str, list[Any]]]:
    """All lists of a file with their names, without those inside of entries."""
    waiting: list[tuple[str, Any, int]] = [("", content, 0)]
    while waiting:
        name, value, depth = waiting.pop(0) if len(waiting) < _SAMPLE else waiting.pop()
        if isinstance(value, list):
            yield name, value
            if _has_text(value) and name in LISTS:
                continue
        inner = list(value.items()) if isinstance(value, dict) else [(name, item) for item in value]
        waiting += [
            (plain_key(key), part, depth + 1)
            for key, part in inner
            if isinstance(part, dict | list) and depth < _MAX_DEPTH
        ]


def _has_text(items: Sequence[Any]) -> bool:
    return any(isinstance(item, dict | str) and text_of(keys_of(item) or {}) for item in items[:_SAMPLE])


def _entries(name: str, items: list[Any], content: Any, warnings: Warnings) -> list[Entry]:
    reader = EntryReader(_names(content), warnings)
    if name in WORD_LISTS:
        words = [keys for item in items if (keys := keys_of(item)) is not None]
        return list(reader.runs(_with_speakers(words, content)))
    return [entry for item in _without_repetition(name, items) for entry in reader.read(item)]


def _names(content: Any) -> Mapping[str, str]:
    """The names that a file gives for the ids of its speakers."""
    people = [item for name, items in _lists(content) if name in PEOPLE for item in items if isinstance(item, dict)]
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
    others = [keys for name, items in _lists(content) if name == "items" for item in items if (keys := keys_of(item))]
    by_start = {str(keys.get("starttime")): keys["speakerlabel"] for keys in others if keys.get("speakerlabel")}
    for word in words:
        label = by_start.get(str(word.get("starttime")))
        yield word if label is None or word.get("speakerlabel") else {**word, "speakerlabel": label}


def _without_repetition(name: str, items: list[Any]) -> list[Any]:
    """Google repeats all words with their speakers in the last result."""
    tagged = [item for item in items if name == "results" and _has_tagged_words(item)]
    return tagged[-1:] or items


def _has_tagged_words(item: Any) -> bool:
    words = (keys_of(item) or {}).get("words")
    found = [keys_of(word) or {} for word in words] if isinstance(words, list) else []
    return any(keys.get("speakertag") or keys.get("speakerlabel") for keys in found)


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
