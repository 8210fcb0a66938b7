"""A note as it is read: the fields of its template, in order, with what stands in them."""

from dataclasses import dataclass

from sessions_app.pipeline.note_templates.comparison import Run, as_text, compare_words
from sessions_app.pipeline.note_templates.content import Content, FieldContent
from sessions_app.pipeline.note_templates.definition import Definition, TemplateField

_NOTHING = FieldContent(None, 0)


@dataclass(frozen=True, slots=True)
class ReadField:
    """A field with the title of its section and what stands in it."""

    section: str
    field: TemplateField
    content: FieldContent

    @property
    def is_missing(self) -> bool:
        """Whether nothing stands in it."""
        return self.content.origin == "empty"

    @property
    def runs(self) -> list[Run]:
        """What was changed of what the draft proposed."""
        return compare_words(as_text(self.content.drafted), as_text(self.content.value))


def read_fields(definition: Definition, content: Content) -> list[ReadField]:
    """All fields, empty ones too."""
    return [
        ReadField(section.title, field, content.fields.get(field.id, _NOTHING))
        for section in definition.sections
        for field in section.fields
    ]
