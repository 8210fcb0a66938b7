"""The definition of a note template: sections of fields, checked with an error at each field that is wrong."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from therapybridge.core.text import composed

FieldType = Literal["text", "textarea", "select", "multiselect", "checkbox", "number", "date", "scale"]
# Fields of a draft that a field of a note may be filled from.
Source = Literal[
    "therapist_summary",
    "topic_summary",
    "key_topics",
    "emotional_themes",
    "triggers",
    "significant_quotes",
    "session_mood",
    "mood_trajectory",
    "strategies",
    "techniques",
    "breakthrough",
    "action_items",
    "unresolved_concerns",
    "follow_up_topics",
]
FIELD_TYPES: tuple[FieldType, ...] = get_args(FieldType)
SOURCES: tuple[Source, ...] = get_args(Source)
PROSE_TYPES = frozenset({"text", "textarea"})
CHOICE_TYPES = frozenset({"select", "multiselect"})
NUMBER_TYPES = frozenset({"number", "scale"})
MOOD_TYPES = NUMBER_TYPES | {"select"}  # may be filled from the mood, and from nothing else
MAX_SECTIONS, MAX_FIELDS, MAX_ALL_FIELDS, MIN_OPTIONS, MAX_OPTIONS = 30, 60, 100, 2, 50
MAX_LABEL, MAX_PLACEHOLDER, MAX_HELP = 120, 200, 400  # characters
ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MESSAGES = {
    "missing": "This is required.",
    "extra_forbidden": "There is no such property.",
    "string_too_short": "This is required.",
    "string_too_long": "This is too long.",
    "too_long": "There are too many.",
    "literal_error": "This is not one of the choices.",
    "bool_type": "This must be true or false.",
}
Errors = dict[str, list[str]]


class InvalidDefinition(ValueError):
    """`errors` maps a place, such as `sections.0.fields.2.options`, to sentences."""

    def __init__(self, errors: Errors) -> None:
        self.errors = errors
        super().__init__(f"{len(errors)} places are wrong")


def _storable(text: str) -> str:
    """The text in NFC, as values of notes are, or an option would never be one; ValueError for NUL, which PostgreSQL
    does not store.
    """
    if "\0" in text:
        raise ValueError("NUL")
    return composed(text)


Text = Annotated[str, AfterValidator(_storable)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TemplateField(_Strict):
    """One field; `options` for choices, `minimum` and `maximum` for numbers and scales."""

    id: Text = Field(max_length=40)
    label: Text = Field(min_length=1, max_length=MAX_LABEL)
    type: FieldType
    required: bool = False
    options: list[Text] = Field(default=[], max_length=MAX_OPTIONS)
    ai_mapping: list[Source] = []
    placeholder: Text = Field(default="", max_length=MAX_PLACEHOLDER)
    help: Text = Field(default="", max_length=MAX_HELP)
    minimum: float | None = Field(default=None, allow_inf_nan=False)
    maximum: float | None = Field(default=None, allow_inf_nan=False)

    @property
    def is_prose(self) -> bool:
        """Whether it holds free text."""
        return self.type in PROSE_TYPES


class Section(_Strict):
    """A heading with its fields."""

    id: Text = Field(max_length=40)
    title: Text = Field(min_length=1, max_length=MAX_LABEL)
    fields: list[TemplateField] = Field(max_length=MAX_FIELDS)


class Definition(_Strict):
    """All sections of a template, in order."""

    sections: list[Section] = Field(max_length=MAX_SECTIONS)

    @property
    def all_fields(self) -> list[TemplateField]:
        """The fields of all sections, in order."""
        return [field for section in self.sections for field in section.fields]


def parse_definition(data: Any) -> Definition:
    """The definition in JSON-like data; InvalidDefinition with all that is wrong."""
    try:
        definition = Definition.model_validate(data)
    except ValidationError as error:
        raise InvalidDefinition(_from_pydantic(error)) from None
    errors: Errors = {}
    for place, sentence in _flaws(definition):
        errors.setdefault(place, []).append(sentence)
    if errors:
        raise InvalidDefinition(errors)
    return definition


def _from_pydantic(error: ValidationError) -> Errors:
    errors: Errors = {}
    for one in error.errors():
        place = ".".join(map(str, one["loc"])) or "sections"
        errors.setdefault(place, []).append(_MESSAGES.get(one["type"], "This has a wrong form."))
    return errors


def _flaws(definition: Definition) -> Iterator[tuple[str, str]]:
    """Places with what is wrong about them, beyond the form."""
    if not definition.all_fields:
        yield "sections", "A template needs at least one field."
    elif len(definition.all_fields) > MAX_ALL_FIELDS:
        yield "sections", f"A template holds at most {MAX_ALL_FIELDS} fields."
    titles = [(f"sections.{at}", section.id) for at, section in enumerate(definition.sections)]
    yield from _wrong_ids(titles)
    places = [
        (f"sections.{at}.fields.{number}", field)
        for at, section in enumerate(definition.sections)
        for number, field in enumerate(section.fields)
    ]
    yield from _wrong_ids([(place, field.id) for place, field in places])
    for place, field in places:
        yield from ((f"{place}.{name}", sentence) for name, sentence in _field_flaws(field))


def _wrong_ids(ids: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    counts = Counter(value for _, value in ids)
    for place, value in ids:
        if not ID.fullmatch(value):
            yield f"{place}.id", "Use lower-case letters, digits and underscores, beginning with a letter."
        elif counts[value] > 1:
            yield f"{place}.id", "Another one has the same id."


def _option_flaws(options: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(options) < MIN_OPTIONS:
        yield "options", "A choice needs at least two options."
    elif len(set(options)) < len(options) or not all(map(str.strip, options)):
        yield "options", "Options must differ, and none may be empty."
    elif max(map(len, options)) > MAX_LABEL:
        yield "options", f"An option has at most {MAX_LABEL} characters."


def _field_flaws(field: TemplateField) -> Iterator[tuple[str, str]]:
    if field.type in CHOICE_TYPES:
        yield from _option_flaws(field.options)
    elif field.options:
        yield "options", "Only choices have options."
    if field.type == "scale" and (field.minimum is None or field.maximum is None):
        yield "maximum", "A scale needs a minimum and a maximum."
    if field.minimum is not None and field.maximum is not None and field.minimum >= field.maximum:
        yield "maximum", "The maximum must be above the minimum."
    if field.ai_mapping and not field.is_prose:
        if field.type not in MOOD_TYPES:
            yield "ai_mapping", "Such a field cannot be filled from a draft."
        elif set(field.ai_mapping) != {"session_mood"}:
            yield "ai_mapping", "Only text can be filled from these parts of a draft."


def values_missing(definition: Definition, values: Mapping[str, Any]) -> Errors:
    """Required fields without a value, with a sentence each."""
    return {
        field.id: ["This is required."]
        for field in definition.all_fields
        if field.required and is_empty(values.get(field.id))
    }


def is_empty(value: Any) -> bool:
    """Whether nothing was entered; an unticked box is no answer, 0 is one."""
    return value is None or value is False or value == [] or (isinstance(value, str) and not value.strip())
