"""Serializers for imports."""

from typing import Any

from rest_framework import serializers

from exports.imports.choices import ImportStatus
from exports.jobs.serializers import LeftOutSerializer
from therapybridge.core.api.serializers import StrictSerializer


class ConflictSerializer(serializers.Serializer[Any]):
    """Ids of the file that rows here have: of what, how many, and the first ten."""

    what = serializers.CharField(read_only=True)
    count = serializers.IntegerField(read_only=True)
    ids = serializers.ListField(child=serializers.UUIDField(), read_only=True)


class SourceSerializer(serializers.Serializer[Any]):
    """Whose record it is, from where and of when; once it failed, nothing of its patient."""

    patient = serializers.CharField(read_only=True, required=False)
    date_of_birth = serializers.DateField(read_only=True, required=False, allow_null=True)
    practice = serializers.CharField(read_only=True, required=False)
    practice_id = serializers.UUIDField(read_only=True, required=False)
    made_at = serializers.DateTimeField(read_only=True, required=False)
    made_by = serializers.CharField(read_only=True, required=False)
    possible_duplicates = serializers.SerializerMethodField()
    withheld = LeftOutSerializer(many=True, read_only=True, required=False)

    def get_possible_duplicates(self, source: Any) -> int:
        """How many patients of the clinic have the same name and date of birth; known once the file was checked."""
        return len(source.get("possible_duplicates", ()))


class ImportSerializer(serializers.Serializer[Any]):
    """An import. `source`, `counts` and `conflicts` are there once it was checked; without these it can be confirmed.

    `patient_id` is the new patient, once the record was taken in.
    """

    id = serializers.UUIDField(read_only=True)
    status = serializers.ChoiceField(ImportStatus.choices, read_only=True)
    source = SourceSerializer(read_only=True)  # type: ignore[assignment]  # no attribute: a declared field
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    conflicts = ConflictSerializer(many=True, read_only=True)
    may_be_taken_in = serializers.BooleanField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True, allow_null=True)
    size = serializers.IntegerField(read_only=True)
    sha256 = serializers.CharField(read_only=True)
    error_code = serializers.CharField(read_only=True)
    error_detail = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    completed_at = serializers.DateTimeField(read_only=True, allow_null=True)


class ImportFileSerializer(StrictSerializer):
    """A full record as JSON."""

    file = serializers.FileField(allow_empty_file=True, max_length=255)
