"""The published schema of drafts is that of what engines extract."""

from rest_framework import serializers

from sessions_app.notes.serializers.draft import DraftSerializer
from sessions_app.pipeline.drafting.schema import Cited, ExtractedNotes, StrictModel

OF_THE_STATE = {"id", "state", "reason", "kept_by", "kept_at"}


def named(field: serializers.Field) -> set[str]:
    child = field.child if isinstance(field, serializers.ListSerializer) else field
    return set(child.fields)


def fields_of(model: type[StrictModel]) -> set[str]:
    return set(model.model_fields) | (
        OF_THE_STATE if issubclass(model, Cited) and "source" not in model.model_fields else set()
    )


def model_of(annotation) -> type[StrictModel]:
    """The model in `list[Model]`, `Model | None` or `Model`."""
    inner = [one for one in getattr(annotation, "__args__", ()) if one is not type(None)]
    return inner[0] if inner else annotation


def test_it_has_the_same_parts_and_the_same_fields():
    parts = DraftSerializer().fields
    assert set(parts) == {*ExtractedNotes.model_fields, "risk_not_looked_for"}
    for name, one in ExtractedNotes.model_fields.items():
        assert named(parts[name]) == fields_of(model_of(one.annotation)), name


def test_what_may_be_missing_may_be_null():
    parts = DraftSerializer().fields
    nullable = {
        name
        for name, one in ExtractedNotes.model_fields.items()
        if type(None) in getattr(one.annotation, "__args__", ())
    }
    assert {name for name, field in parts.items() if field.allow_null} == nullable
