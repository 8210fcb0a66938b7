"""Reading a model's reply: what can be understood is kept, one odd value costs one item, never the whole answer."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.schema import ExtractedNotes, Summary

# Some models think aloud first, and some servers cut off the opening tag.
_THOUGHTS = re.compile(r"^.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
M = TypeVar("M", bound=BaseModel)


def json_object(content: str) -> dict[str, Any]:
    """The JSON object in a reply, with or without thoughts, a fence or prose around it; ValueError without one."""
    text = _THOUGHTS.sub("", content)
    decoder = json.JSONDecoder()
    for start in _openings(text):
        try:
            found, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and found:
            return found
    raise ValueError("The reply contains no JSON object.")


def _openings(text: str) -> Iterator[int]:
    """Where an object may begin: few places, so that hostile text does not take quadratic time."""
    first = text.find("{")
    if first >= 0:
        yield first
    yield from (match.end() - 1 for match in list(re.finditer(r"```(?:json)?\s*\{", text))[:3])


def notes_from(reply: Mapping[str, Any]) -> tuple[ExtractedNotes, int]:
    """The notes in a reply, and the number of items that could not be understood. What is missing is empty.

    ValueError if the reply has no field of the notes at all.
    """
    if not reply.keys() & ExtractedNotes.model_fields.keys():
        raise ValueError("The reply contains no notes.")
    reader = _Reader()
    values: dict[str, Any] = {}
    for name in schema.LIST_FIELDS:
        [kind] = get_args(ExtractedNotes.model_fields[name].annotation)
        values[name] = reader.items(kind, reply.get(name))
    for name in schema.SINGLE_FIELDS:
        kind = next(k for k in get_args(ExtractedNotes.model_fields[name].annotation) if k is not NoneType)
        values[name] = reader.single(kind, reply.get(name))
    for name in schema.SUMMARY_FIELDS:
        values[name] = Summary(statements=reader.items(schema.Passage, _statements(reply.get(name))))
    return ExtractedNotes(**values), reader.dropped


def _statements(value: object) -> object:
    return value.get("statements") if isinstance(value, Mapping) else value


class _Reader:
    """Reads items and counts those that it must drop."""

    def __init__(self) -> None:
        self.dropped = 0

    def items(self, kind: type[M], value: object) -> list[M]:
        found = value if isinstance(value, list) else [] if value is None else [value]
        return [item for one in found if (item := self.single(kind, one)) is not None]

    def single(self, kind: type[M], value: object) -> M | None:
        if value is None:
            return None
        item = _item(kind, value)
        self.dropped += item is None
        return item


def _item(kind: type[M], value: object) -> M | None:
    if not isinstance(value, Mapping):
        return None
    read = {name: _read(field.annotation, value.get(name)) for name, field in kind.model_fields.items()}
    try:
        return kind.model_validate(read)
    except ValidationError:
        return None


def _read(kind: Any, value: Any) -> Any:
    """The value as its field wants it; what cannot be read is left to the field to refuse."""
    if get_origin(kind) is Literal:
        return _choice(get_args(kind), value)
    if get_origin(kind) is list:
        return [number for one in _listed(value) if (number := whole_number(one)) is not None]
    if kind is str:
        return _text(value)
    if kind is float or float in get_args(kind):
        return finite(value)
    if isinstance(kind, type) and issubclass(kind, BaseModel) and isinstance(value, Mapping):
        return {name: _read(field.annotation, value.get(name)) for name, field in kind.model_fields.items()}
    return value


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _choice(names: tuple[str, ...], value: object) -> object:
    """ "Very Low" is "very_low"."""
    said = _NOT_LETTERS.sub("_", str(value).strip().casefold())
    return next((name for name in names if name == said), value)


def _text(value: object) -> object:
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def finite(value: object) -> float | None:
    """A number, also in quotes; None for anything else, NaN and infinity included."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def whole_number(value: object) -> int | None:
    """A line number: 12, 12.0, "12" and "[12]"."""
    number = finite(value.strip("[] #") if isinstance(value, str) else value)
    return int(number) if number is not None and number.is_integer() else None
