"""Serializers for signed notes as their patients read them."""

from typing import Any

from rest_framework import serializers

from sessions_app.models import NoteWithholding
from sessions_app.notes.choices import LOCKED
from sessions_app.notes.serializers.amendments import AmendmentSerializer
from sessions_app.notes.serializers.notes import AddendumSerializer, SignatureSerializer

SIGNED = [(status.value, status.label) for status in LOCKED]


class WithheldSerializer(serializers.Serializer[Any]):
    """What a patient is told of a note that they cannot read now."""

    exception = serializers.ChoiceField(NoteWithholding.Grounds.choices, read_only=True)
    explanation = serializers.CharField(read_only=True)


class SignedNoteSerializer(serializers.Serializer[Any]):
    """A signed note in its patient's list; `withheld` is null for one that can be read."""

    id = serializers.UUIDField(source="pk", read_only=True)
    session_title = serializers.CharField(read_only=True)
    session_date = serializers.DateTimeField(read_only=True)
    template_name = serializers.CharField(read_only=True)
    author_name = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(SIGNED, read_only=True)
    signed_at = serializers.DateTimeField(read_only=True)
    archived_at = serializers.DateTimeField(read_only=True, allow_null=True)
    withheld = WithheldSerializer(read_only=True, allow_null=True)


class SignedFieldSerializer(serializers.Serializer[Any]):
    """A field of a signed note; the text is empty where nothing was assessed."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    text = serializers.CharField(read_only=True)


class SignedSectionSerializer(serializers.Serializer[Any]):
    """A section of a signed note."""

    title = serializers.CharField(read_only=True)
    fields = SignedFieldSerializer(many=True, read_only=True)  # type: ignore[assignment]


class SignedNoteTextSerializer(serializers.Serializer[Any]):
    """A signed note in full; the four lists are empty for one that is withheld."""

    note = SignedNoteSerializer(read_only=True)
    sections = SignedSectionSerializer(many=True, read_only=True)
    signatures = SignatureSerializer(many=True, read_only=True)
    addenda = AddendumSerializer(many=True, read_only=True)
    disagreements = AmendmentSerializer(many=True, read_only=True)
