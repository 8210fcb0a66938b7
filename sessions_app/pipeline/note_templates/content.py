"""The content of a note: each field's value, what the draft proposed for it, and the statements it still rests on."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

from sessions_app.pipeline.note_templates.autofill import Filled, Piece
from sessions_app.pipeline.note_templates.definition import Definition, TemplateField, is_empty

Origin = Literal["empty", "draft", "edited", "written"]


@dataclass(frozen=True, slots=True)
class FieldContent:
    """One field. `drafted` is what the draft proposed, None for nothing; `revision` is when the value last changed."""

    value: Any
    revision: int
    drafted: Any = None
    pieces: tuple[Piece, ...] = ()

    @property
    def origin(self) -> Origin:
        """Who the value is from: the draft, a person who changed the draft's, or a person alone."""
        if is_empty(self.value):
            return "empty"
        if self.drafted is None:
            return "written"
        return "draft" if self.value == self.drafted else "edited"

    @property
    def evidence(self) -> tuple[Piece, ...]:
        """The statements that still stand in the value word for word."""
        if self.value == self.drafted:
            return self.pieces
        return tuple(piece for piece in self.pieces if isinstance(self.value, str) and piece.text in self.value)


@dataclass(frozen=True, slots=True)
class Leftover:
    """A value of a former template that the present one has no field for."""

    template: str
    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Content:
    """All fields by id, and what was left over when the template was changed."""

    fields: Mapping[str, FieldContent]
    leftovers: tuple[Leftover, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The content as `to_json` wrote it."""
        fields = {key: _field_content(value) for key, value in data["fields"].items()}
        return cls(fields, tuple(Leftover(**entry) for entry in data["leftovers"]))

    def to_json(self) -> dict[str, Any]:
        """As JSON-like data."""
        return {
            "fields": {key: asdict(value) for key, value in self.fields.items()},
            "leftovers": [asdict(entry) for entry in self.leftovers],
        }

    @property
    def values(self) -> dict[str, Any]:
        """Values by field id."""
        return {key: field.value for key, field in self.fields.items()}

    def conflicts(self, values: Mapping[str, Any], base: int) -> list[str]:
        """Fields of `values` that somebody else changed to something else after the revision `base`."""
        known = self.fields
        return [
            key
            for key, value in values.items()
            if key in known and known[key].revision > base and known[key].value != value
        ]

    def values_since(self, base: int, except_for: Container[str]) -> dict[str, Any]:
        """What was written after the revision `base`, by field id."""
        later = ((key, field) for key, field in self.fields.items() if field.revision > base)
        return {key: field.value for key, field in later if key not in except_for}

    def with_values(self, values: Mapping[str, Any], revision: int) -> Self:
        """With values that a person wrote; those that are the same keep their revision."""
        fields = dict(self.fields)
        for key, value in values.items():
            before = fields.get(key, FieldContent(None, 0))
            if before.value != value:
                fields[key] = replace(before, value=value, revision=revision)
        return replace(self, fields=fields)

    def with_draft(self, filled: Mapping[str, Filled], revision: int, only: Sequence[str] | None = None) -> Self:
        """With what a draft proposes: in fields that nobody wrote in, or in those of `only`, whoever did."""
        fields = dict(self.fields)
        for key in filled if only is None else only:
            before, new = fields.get(key, FieldContent(None, 0)), filled.get(key)
            if before.origin in {"edited", "written"} and (only is None or new is None):
                continue
            fields[key] = FieldContent(
                new.value if new else None, revision, new.value if new else None, new.pieces if new else ()
            )
        return replace(self, fields=fields)

    def moved(
        self, former: Definition, name: str, new: Definition, filled: Mapping[str, Filled], revision: int
    ) -> Self:
        """In another template: what a person wrote goes with its field, or is left over under the former's `name`."""
        old = {field.id: field for field in former.all_fields}
        taken = {field.id for field in new.all_fields if _fits(old.get(field.id), field)}
        written = {key: value for key, value in self.fields.items() if value.origin in {"edited", "written"}}
        kept = {key: value for key, value in written.items() if key in taken}
        left = [
            Leftover(name, old[key].label, value.value)
            for key, value in written.items()
            if key in old and key not in taken
        ]
        return replace(self, fields=kept, leftovers=(*self.leftovers, *left)).with_draft(filled, revision)


def empty_content() -> Content:
    """Nothing written yet."""
    return Content({})


def _fits(old: TemplateField | None, new: TemplateField) -> bool:
    """Whether a value of the old field is one of the new field."""
    if old is None:
        return False
    return (old.type, old.options, old.minimum, old.maximum) == (new.type, new.options, new.minimum, new.maximum)


def _field_content(data: Mapping[str, Any]) -> FieldContent:
    pieces = tuple(Piece(**{**piece, "segments": tuple(piece["segments"])}) for piece in data["pieces"])
    return FieldContent(data["value"], data["revision"], data["drafted"], pieces)
