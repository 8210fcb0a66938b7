"""From the bytes of a file to a record: strict types, and limits of size, depth and shape."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import orjson
from pydantic import ValidationError
from pydantic_core import SchemaValidator

from exports.builders.json import ADAPTER
from exports.choices import ExportKind
from exports.imports.services.refusals import ImportRefused
from exports.records.record import FORMAT, FORMAT_VERSION, Record

MAX_BYTES = 50 * 1024 * 1024
MAX_DEPTH = 40  # a record has 12 levels, what is stored as it is a few more
# Counted before anything is parsed, since each takes much more memory than it has bytes.
MAX_VALUES, MAX_NESTED = 2_000_000, 500_000  # of all; of lists and objects
MAX_ITEMS = 50_000  # of one list
# Of these, each takes several queries here: a session a day for 27 years, and everybody of a large hospital.
MOST_OF = {"sessions": 10_000, "notes": 10_000, "staff": 1_000}
MAX_KEYS = 2_000  # of one object
MAX_TEXT = 200_000  # characters of one text
MIN_NUMBER, MAX_NUMBER = -(2**63), 2**63 - 1
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
IS_FHIR = "This is a FHIR bundle. An import takes the full record of a TherapyBridge: the export “Full record” as JSON."
HEAD = (("format", FORMAT, "not_a_record"), ("version", FORMAT_VERSION, "unknown_version"))


def _impatient(schema: Any) -> Any:
    """The same, but each list ends at its first wrong item: a million mistakes would take a million messages."""
    if isinstance(schema, dict):
        ends = {"fail_fast": True} if schema.get("type") == "list" else {}
        return {name: _impatient(one) for name, one in schema.items()} | ends
    return [_impatient(one) for one in schema] if isinstance(schema, list) else schema


READER = SchemaValidator(_impatient(ADAPTER.core_schema))


def read_record(data: bytes) -> Record:
    """The record of a file; ImportRefused for everything else."""
    if len(data) > MAX_BYTES:
        raise ImportRefused("too_large", f"The file is larger than {MAX_BYTES // 1024**2} MB.")
    nested = data.count(b"[") + data.count(b"{")
    if nested > MAX_NESTED or data.count(b",") + nested > MAX_VALUES:
        raise ImportRefused("too_many_values", f"The file has more than {MAX_VALUES:,} values.")
    _require_plain(data)
    record = _typed(data)
    for place, value in values_in(record, ""):
        if isinstance(value, date):
            _require_day(value, place)
    return record


def _require_plain(data: bytes) -> None:
    """What is parsed for that is freed before it is read as a record."""
    found = _parsed(data)
    _require_head(found)
    _require_shape(found, "", 1)


def _parsed(data: bytes) -> Any:
    """JSON by RFC 8259: UTF-8, no NaN, no lone halves of characters."""
    try:
        return orjson.loads(data)
    except (orjson.JSONDecodeError, RecursionError):
        raise ImportRefused("not_json", "The file is no JSON in UTF-8.") from None


def _require_head(found: Any) -> None:
    if isinstance(found, dict) and "resourceType" in found:
        raise ImportRefused("not_a_record", IS_FHIR)
    about = found.get("about") if isinstance(found, dict) else None
    head = about if isinstance(about, dict) else {}
    for name, expected, code in HEAD:
        if head.get(name) != expected:
            raise ImportRefused(code, "This is no record of TherapyBridge in a version that can be read here.")
    if head.get("kind") != ExportKind.FULL_RECORD or head.get("is_for_patient"):
        raise ImportRefused("not_a_full_record", "Only a full record, made for another practice, can be imported.")


def _require_shape(value: Any, place: str, depth: int) -> None:
    """ImportRefused for what is too deep, too long, or cannot be stored."""
    if isinstance(value, str):
        _require_text(value, place)
    elif isinstance(value, dict | list):
        if depth > MAX_DEPTH:
            raise ImportRefused("too_deep", "The file is nested too deeply.", place)
        most = MAX_KEYS if isinstance(value, dict) else MOST_OF.get(place, MAX_ITEMS)
        if len(value) > most:
            raise ImportRefused("too_long", f"There are more than {most} items.", place)
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(name, str):
                _require_text(name, place)
            _require_shape(one, f"{place}.{_told(name)}".lstrip("."), depth + 1)
    elif isinstance(value, int) and not MIN_NUMBER <= value <= MAX_NUMBER:
        raise ImportRefused("invalid_value", "A number is too large.", place)


def _told(part: object) -> str:
    """A step on the way to a value: a number or a name of the format. Other names are the file's own, and not told."""
    return str(part) if isinstance(part, int) or part in _known_names() else "?"


@lru_cache
def _known_names() -> frozenset[object]:
    schema = ADAPTER.json_schema()
    parts = [schema, *schema["$defs"].values()]
    return frozenset(name for part in parts for name in part.get("properties", ()))


def _require_text(text: str, place: str) -> None:
    if len(text) > MAX_TEXT:
        raise ImportRefused("too_long", f"A text is longer than {MAX_TEXT:,} characters.", place)
    if "\x00" in text:
        raise ImportRefused("unstorable_text", "A text holds a character that cannot be stored.", place)


def _typed(data: bytes) -> Record:
    try:
        record: Record = READER.validate_json(data, strict=True, extra="forbid")
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(_told(part) for part in first["loc"])
        raise ImportRefused("wrong_type", "Something is missing, unknown, or of the wrong type.", place) from None
    return record


def values_in(part: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every value in the fields of a part and of all that is nested in it, with where it is."""
    if isinstance(part, list | tuple):
        for at, one in enumerate(part):
            yield from values_in(one, f"{place}.{at}")
    elif is_dataclass(part):
        for one in fields(part):
            yield from values_in(getattr(part, one.name), f"{place}.{one.name}".lstrip("."))
    else:
        yield place, part


def _require_day(value: date, place: str) -> None:
    """Moments need a zone, and every day has to be one that can be converted into any zone."""
    if isinstance(value, datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            raise ImportRefused("no_zone", "A moment has no time zone.", place)
        value = value.astimezone(UTC).date() if EARLIEST.year <= value.year <= LATEST.year else date.min
    if not EARLIEST <= value <= LATEST:
        raise ImportRefused("unlikely_day", "A day is before 1900 or after 2200.", place)
