"""Entries of JSON transcripts: what each says, who says it, and when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from sessions_app.pipeline.transcripts.clean import cleaned
from sessions_app.pipeline.transcripts.json_shapes import (
    CHANNEL,
    END,
    LENGTH,
    NAME,
    PAIR,
    PARTS,
    SPEAKER,
    START,
    TEXT,
    plain_key,
)
from sessions_app.pipeline.transcripts.json_times import RawTime, raw_time
from sessions_app.pipeline.transcripts.labels import tidied
from sessions_app.pipeline.transcripts.types import Warnings

_LONGEST_RUN = 60  # words, after which a sentence's end starts a new segment
_PAUSE = 8  # times the usual length of a word
_PUNCTUATION = frozenset(".,!?;:…%)]}'’”»。，！？、：；؟،")  # noqa: RUF001  marks of other scripts
_SENTENCE_END = (".", "?", "!", "…", "。", "？", "！", "؟")  # noqa: RUF001
_PAIR_LENGTH = 2
Keys = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list; times as they were written."""

    text: str
    label: str
    start: RawTime | None
    end: RawTime | None
    confidence: float | None = None


class EntryReader:
    """Reads entries with the names that the file gives for the ids of its speakers."""

    def __init__(self, names: Mapping[str, str], warnings: Warnings, *, by_channel: bool) -> None:
        self._names = names
        self._by_channel = by_channel
        self._warnings = warnings

    def read(self, item: Any) -> Iterator[Entry]:
        """The entry in an item, or several if its words belong to several voices; none if it has no text."""
        keys = keys_of(item)
        parts = [] if keys is None else _parts_of(keys)
        voices = {label for part in parts if (label := self._label(part))}
        if keys is not None and len(voices) > 1 and not self._label(keys):
            yield from self.runs(parts)
        elif keys is None or not (text := text_of(keys)):
            self._warnings.skipped += 1
        else:
            label = self._label(keys) or next(iter(voices), "")
            start, end = self._times(keys, parts)
            yield Entry(text, label, start, end, _share(keys.get("confidence")))

    def runs(self, words: Iterable[Keys]) -> Iterator[Entry]:
        """Entries of the words that one voice says in a row."""
        run: list[Entry] = []
        for keys in words:
            token = token_of(keys)
            if not token.strip() and not run:
                continue
            is_sign = set(token.strip()) <= _PUNCTUATION
            start, end = self._times(keys, [])
            word = Entry(token, self._label(keys) or (run[-1].label if run and is_sign else ""), start, end)
            if run and not is_sign and _is_next(run, word):
                yield _joined_run(run)
                run = []
            run.append(word)
        if run:
            yield _joined_run(run)

    def _label(self, keys: Keys) -> str:
        if keys.get("label") == "" and keys.get("speaker") == "unknown":  # as our own files say it
            return ""
        for key in SPEAKER:
            if label := self._name(keys.get(key)):
                return label
        channel = next((keys[key] for key in CHANNEL if keys.get(key) is not None), None) if self._by_channel else None
        return f"Channel {channel}" if isinstance(channel, int) else self._name(channel)

    def _name(self, value: Any) -> str:
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            inner = keys_of(value) or {}
            value = next((inner[key] for key in NAME if inner.get(key) is not None), None)
        if isinstance(value, bool) or not isinstance(value, int | str):
            return ""
        known = self._names.get(str(value))
        return tidied(known or (cleaned(value) if isinstance(value, str) else f"Speaker {value}"))

    def _times(self, keys: Keys, parts: Sequence[Keys]) -> tuple[RawTime | None, RawTime | None]:
        start, end = self._pair(keys)
        start = start or self._first(keys, START)
        end = end or self._first(keys, END)
        length = self._first(keys, LENGTH) if start and end is None else None
        if start and length:
            end = _after(start, length)
        if parts and start is None:
            timed = [times for part in parts if (times := self._times(part, []))[0]]
            start, end = (timed[0][0], end or timed[-1][1]) if timed else (None, end)
        return start, end

    def _pair(self, keys: Keys) -> tuple[RawTime | None, RawTime | None]:
        for key in PAIR:
            value = keys.get(key)
            if isinstance(value, dict) and ("from" in value or "start" in value):
                values = (value.get("from", value.get("start")), value.get("to", value.get("end")))
                return self._time(values[0], "ms" if key == "offsets" else ""), self._time(
                    values[1], "ms" if key == "offsets" else ""
                )
            if isinstance(value, list) and len(value) == _PAIR_LENGTH:
                return self._time(value[0], ""), self._time(value[1], "")
        return None, None

    def _first(self, keys: Keys, names: Sequence[str]) -> RawTime | None:
        key = next((key for key in names if keys.get(key) is not None and not isinstance(keys[key], list)), None)
        return None if key is None else self._time(keys[key], key)

    def _time(self, value: Any, key: str) -> RawTime | None:
        try:
            return raw_time(value, key)
        except (ValueError, TypeError, OverflowError):
            self._warnings.times += 1
            return None


def keys_of(item: Any) -> Keys | None:
    """The item with plain keys, and its best alternative in place of alternatives; None if it is no object."""
    if isinstance(item, str):
        return {"text": item}
    if not isinstance(item, dict):
        return None
    keys = {plain_key(key): value for key, value in item.items()}
    for name in ("alternatives", "nbest"):
        best = keys.get(name)
        if isinstance(best, list) and best and isinstance(best[0], dict):
            keys = {plain_key(key): value for key, value in best[0].items()} | keys
    return keys


def text_of(keys: Keys) -> str:
    """What an entry says; of an entry without a text of its own, what its parts say."""
    for key in TEXT:
        value = keys.get(key)
        if isinstance(value, str) and value.strip():
            return cleaned(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and key == "text":
            return str(value)
    return _joined([token_of(part) for part in _parts_of(keys)])


def token_of(keys: Keys) -> str:
    """A word with the spaces that were given with it."""
    own = next((value for key in ("punctuatedword", *TEXT) if isinstance(value := keys.get(key), str)), "")
    return cleaned(own)


def _parts_of(keys: Keys) -> list[Keys]:
    for name in PARTS:
        value = keys.get(name)
        if isinstance(value, list) and value:
            return [part for item in value if (part := keys_of(item)) is not None]
    return []


def _joined(tokens: Sequence[str]) -> str:
    """Words with spaces between them, unless they bring their own; signs follow their word."""
    if any(token != token.strip() or not token for token in tokens if token) or " " in tokens:
        return "".join(tokens).strip()
    text: list[str] = []
    for token in tokens:
        text.append(token if not text or set(token) <= _PUNCTUATION else f" {token}")
    return "".join(text)


def _after(start: RawTime, length: RawTime) -> RawTime:
    if start.unit is None or length.unit is None:
        return replace(start, value=start.value + length.value)
    return RawTime(start.value * start.unit + length.value * length.unit, 1.0)


def _is_next(run: Sequence[Entry], word: Entry) -> bool:
    """Whether a word starts a new segment: another voice, or a pause, or a new sentence after a long run."""
    ended = next((entry.end for entry in run[:-3:-1] if entry.end), None)  # signs have no times
    pause = word.start.value - ended.value if word.start and ended else 0.0
    spoken = ended.value - run[0].start.value if ended and run[0].start else 0.0
    is_pause = 0 < spoken * _PAUSE < pause * len(run)
    return (
        word.label != run[-1].label
        or is_pause
        or (len(run) >= _LONGEST_RUN and run[-1].text.rstrip().endswith(_SENTENCE_END))
    )


def _joined_run(run: Sequence[Entry]) -> Entry:
    start = next((word.start for word in run if word.start), None)
    end = next((word.end for word in reversed(run) if word.end), None)
    return Entry(_joined([word.text for word in run]), run[0].label, start, end)


def _share(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return None
    return float(value) if isfinite(value) else None
