"""Values of a note's fields: read from JSON by the type of the field."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sessions_app.pipeline.note_templates.definition import Definition, Errors, TemplateField
from therapybridge.core.text import composed

MAX_TEXT = {"text": 500, "textarea": 20_000}  # characters


class InvalidValues(ValueError):
    """`errors` maps field ids to sentences."""

    def __init__(self, errors: Errors) -> None:
        self.errors = errors
        super().__init__(f"{len(errors)} fields are wrong")


def as_figure(number: float) -> str:
    """The number without needless digits, and with all that were given: 7, 7.5, 1234567."""
    return f"{number:.15g}"


def parse_values(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of some fields, by id; InvalidValues for unknown fields and values of the wrong type."""
    fields = {field.id: field for field in definition.all_fields}
    values: dict[str, Any] = {}
    errors: Errors = {}
    for key, value in given.items():
        try:
            values[key] = parse_value(fields[key], value)
        except KeyError:
            errors[key] = ["The template has no such field."]
        except ValueError as error:
            errors[key] = [str(error)]
    if errors:
        raise InvalidValues(errors)
    return values


def parse_value(field: TemplateField, value: Any) -> Any:
    """One value, None if it is empty; ValueError with a sentence if it does not fit the field."""
    if value is None or value == "":
        return "" if field.is_prose else None
    return _PARSERS[field.type](field, value)


def _text(field: TemplateField, value: Any) -> str:
    limit = MAX_TEXT[field.type]
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("This must be text.")
    text = composed(value.replace("\r\n", "\n"))
    if len(text) > limit:
        raise ValueError(f"Write at most {limit:,} characters.")
    if field.type == "text" and "\n" in text:
        raise ValueError("This must be a single line.")
    return text


def _choice(field: TemplateField, value: Any) -> str:
    if value not in field.options:
        raise ValueError("This is not one of the options.")
    return str(value)


def _choices(field: TemplateField, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(one in field.options for one in value):
        raise ValueError("Choose among the options.")
    return [option for option in field.options if option in value]


def _checkbox(field: TemplateField, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("This must be true or false.")  # noqa: TRY004  callers expect one kind of error
    return value


def _number(field: TemplateField, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("This must be a number.")
    if field.minimum is not None and value < field.minimum:
        raise ValueError(f"The lowest value is {as_figure(field.minimum)}.")
    if field.maximum is not None and value > field.maximum:
        raise ValueError(f"The highest value is {as_figure(field.maximum)}.")
    return value


def _date(field: TemplateField, value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError("Write a date as YYYY-MM-DD.") from None


_PARSERS: dict[str, Callable[[TemplateField, Any], Any]] = {
    "text": _text,
    "textarea": _text,
    "select": _choice,
    "multiselect": _choices,
    "checkbox": _checkbox,
    "number": _number,
    "scale": _number,
    "date": _date,
}
