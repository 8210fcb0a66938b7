"""Serializers for notes. A note in a list is serialized from a row of `note_rows`."""

from collections.abc import Mapping
from typing import Any, get_args

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sessions_app.models import ArchiveStep, NoteAddendum, NoteSignature, NoteVersion, SessionNote
from sessions_app.notes.choices import LOCKED
from sessions_app.notes.serializers.amendments import AmendmentSerializer
from sessions_app.notes.serializers.definition import ValueField
from sessions_app.notes.serializers.withholding import WithholdingSerializer
from sessions_app.notes.services.release import withholding_of
from sessions_app.notes.services.signing import MAX_ADDENDUM, MAX_REASON, is_intact
from sessions_app.pipeline.note_templates.comparison import KINDS
from sessions_app.pipeline.note_templates.content import Content, Origin
from sessions_app.pipeline.note_templates.definition import FIELD_TYPES
from sessions_app.pipeline.note_templates.reading import read_fields
from therapybridge.core.api.serializers import BoundedListField, ComposedField, RowSerializer, StrictSerializer

MAX_FIELDS = 1800  # as many as a template can have
ORIGINS = get_args(Origin)
COLUMNS = (
    *("id", "session_id", "session__session_date", "patient_id", "author_id", "status", "revision", "created_at"),
    "updated_at",
    *("saved_at", "completed_at", "signed_at", "archived_at", "template_version__number"),
    *("template_version__template_id", "template_version__template__name"),
)


def note_rows(notes: QuerySet[SessionNote]) -> Any:
    """The rows for NoteRowSerializer, in one query and without the content."""
    return notes.values(*COLUMNS)


class NoteRowSerializer(RowSerializer):
    """A note in a list; `age_days` are the whole days since the session, null once the note is signed."""

    id = serializers.UUIDField(read_only=True)
    session_id = serializers.UUIDField(read_only=True)
    session_date = serializers.DateTimeField(source="session__session_date", read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    author_id = serializers.UUIDField(read_only=True, allow_null=True)
    template_id = serializers.UUIDField(source="template_version__template_id", read_only=True)
    template_name = serializers.CharField(source="template_version__template__name", read_only=True)
    template_version = serializers.IntegerField(source="template_version__number", read_only=True)
    status = serializers.ChoiceField(SessionNote.Status.choices, read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    saved_at = serializers.DateTimeField(read_only=True)
    completed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    signed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    archived_at = serializers.DateTimeField(read_only=True, allow_null=True)
    age_days = serializers.SerializerMethodField()

    def get_age_days(self, row: Mapping[str, Any]) -> int | None:
        """How long it has waited for a signature."""
        return None if row["status"] in LOCKED else max((timezone.now() - row["session__session_date"]).days, 0)


class PieceSerializer(serializers.Serializer[Any]):
    """A statement of the draft that still stands in a field word for word, with the lines that it cites."""

    statement = serializers.CharField(read_only=True)
    segments = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    quote = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)


# Fields are declared under names that a serializer itself has, such as `fields`: its class keeps them apart.


class _FieldSerializer(serializers.Serializer[Any]):
    """Which field it is, and who its value is from."""

    id = serializers.CharField(source="field.id", read_only=True)
    label = serializers.CharField(source="field.label", read_only=True)  # type: ignore[assignment]
    section = serializers.CharField(read_only=True)
    type = serializers.ChoiceField(FIELD_TYPES, source="field.type", read_only=True)
    origin = serializers.ChoiceField(ORIGINS, source="content.origin", read_only=True)


class NoteFieldSerializer(_FieldSerializer):
    """A field; `drafted` is what the draft proposed for it, null for nothing."""

    required = serializers.BooleanField(source="field.required", read_only=True)  # type: ignore[assignment]
    value = ValueField(source="content.value", read_only=True, allow_null=True)
    drafted = ValueField(source="content.drafted", read_only=True, allow_null=True)
    evidence = PieceSerializer(source="content.evidence", many=True, read_only=True)


class RunSerializer(serializers.Serializer[Any]):
    """Words that are equal, inserted or deleted."""

    kind = serializers.ChoiceField(KINDS, read_only=True)
    text = serializers.CharField(read_only=True)


class FieldDiffSerializer(_FieldSerializer):
    """What the draft proposed for a field and what stands there, word by word."""

    runs = RunSerializer(many=True, read_only=True)


class LeftoverSerializer(serializers.Serializer[Any]):
    """What was written in a field of a former template that the present one has no field for."""

    template = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    value = ValueField(read_only=True, allow_null=True)


class UsedTemplateSerializer(serializers.Serializer[Any]):
    """The version of a template that something was written with."""

    id = serializers.UUIDField(source="template_id", read_only=True)
    name = serializers.CharField(source="template.name", read_only=True)
    version = serializers.IntegerField(source="number", read_only=True)


class SignatureSerializer(serializers.Serializer[Any]):
    """Who signed, when, as what, and the hash of what was signed."""

    id = serializers.UUIDField(read_only=True)
    role = serializers.ChoiceField(NoteSignature.Role.choices, read_only=True)
    signer_id = serializers.UUIDField(read_only=True, allow_null=True)
    signer_name = serializers.CharField(read_only=True)
    signed_at = serializers.DateTimeField(read_only=True)
    content_hash = serializers.CharField(read_only=True)


class AddendumSerializer(StrictSerializer):
    """A signed addition to a signed note."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(NoteAddendum.Kind.choices)
    reason = ComposedField(max_length=MAX_REASON)
    text = ComposedField(max_length=MAX_ADDENDUM)
    author_id = serializers.UUIDField(read_only=True, allow_null=True)
    author_name = serializers.CharField(read_only=True)
    signed_at = serializers.DateTimeField(read_only=True)


class ArchiveStepSerializer(serializers.Serializer[Any]):
    """A signed note was filed away, or taken out again."""

    move = serializers.ChoiceField(ArchiveStep.Move.choices, read_only=True)
    reason = serializers.CharField(read_only=True)
    moved_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    moved_by_name = serializers.CharField(read_only=True)
    moved_at = serializers.DateTimeField(read_only=True)


class _WrittenSerializer(serializers.Serializer[Any]):
    """The content of a note or of one of its versions, read once."""

    template = UsedTemplateSerializer(source="template_version", read_only=True)
    fields = NoteFieldSerializer(source="written.fields", many=True, read_only=True)  # type: ignore[assignment]
    missing = serializers.ListField(
        source="written.missing", child=serializers.CharField(), read_only=True, help_text="Ids of the empty fields."
    )
    leftovers = LeftoverSerializer(source="written.leftovers", many=True, read_only=True)

    def to_representation(self, instance: SessionNote | NoteVersion) -> dict[str, Any]:
        """With the content by the template's fields."""
        content = Content.from_json(instance.content)
        fields = read_fields(instance.template_version.parsed, content)
        missing = [one.field.id for one in fields if one.is_missing]
        instance.written = {"fields": fields, "missing": missing, "leftovers": content.leftovers}
        shown: dict[str, Any] = super().to_representation(instance)
        return shown


class NoteSerializer(_WrittenSerializer):
    """A note; `is_intact` says of a signed one whether it is still what was signed."""

    id = serializers.UUIDField(read_only=True)
    session_id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    author_id = serializers.UUIDField(read_only=True, allow_null=True)
    status = serializers.ChoiceField(SessionNote.Status.choices, read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    saved_at = serializers.DateTimeField(read_only=True)
    completed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    signed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    archived_at = serializers.DateTimeField(read_only=True, allow_null=True)
    content_hash = serializers.CharField(read_only=True)
    is_intact = serializers.SerializerMethodField()
    signatures = SignatureSerializer(many=True, read_only=True)
    addenda = AddendumSerializer(many=True, read_only=True)
    archive_steps = ArchiveStepSerializer(many=True, read_only=True)
    withholding = serializers.SerializerMethodField()
    amendments = AmendmentSerializer(source="amendment_requests", many=True, read_only=True)

    def get_is_intact(self, note: SessionNote) -> bool | None:
        """Null as long as it is not signed."""
        return is_intact(note) if note.is_locked else None

    @extend_schema_field(WithholdingSerializer(allow_null=True))
    def get_withholding(self, note: SessionNote) -> dict[str, Any] | None:
        """Null for a note that its patient can read, and for one that is not signed."""
        withholding = withholding_of(note) if note.is_locked else None
        return dict(WithholdingSerializer(withholding).data) if withholding else None


class VersionRowSerializer(serializers.Serializer[Any]):
    """A version of a note in a list; of a conflict, the text that was not saved."""

    id = serializers.UUIDField(read_only=True)
    number = serializers.IntegerField(read_only=True)
    cause = serializers.ChoiceField(NoteVersion.Cause.choices, read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_by_id = serializers.UUIDField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


class VersionSerializer(VersionRowSerializer, _WrittenSerializer):
    """A version of a note with its content."""


class DiffSerializer(serializers.Serializer[Any]):
    """What the draft proposed, and what was changed of it."""

    revision = serializers.IntegerField(read_only=True)
    fields = FieldDiffSerializer(many=True, read_only=True)  # type: ignore[assignment]


class NewNoteSerializer(StrictSerializer):
    """A new note, filled from the session's draft."""

    session = serializers.UUIDField()
    template = serializers.UUIDField()


class SaveNoteSerializer(StrictSerializer):
    """Values by field id; fields that are not named stay as they are."""

    fields = serializers.DictField(child=ValueField(allow_null=True), allow_empty=False)  # type: ignore[assignment]


class RegenerateSerializer(StrictSerializer):
    """Ids of the fields to fill again, whoever wrote in them; without, all that nobody wrote in."""

    fields = BoundedListField(  # type: ignore[assignment]
        child=serializers.CharField(max_length=40), required=False, min_length=1, max_length=MAX_FIELDS
    )


class ChangeNoteTemplateSerializer(StrictSerializer):
    """The template to write the note with from now on."""

    template = serializers.UUIDField()


class ArchiveSerializer(StrictSerializer):
    """Why a note is filed away, or taken out of the archive."""

    reason = ComposedField(max_length=MAX_REASON)


class DeleteNoteSerializer(StrictSerializer):
    """Why a note is deleted."""

    reason = ComposedField(max_length=MAX_REASON)
