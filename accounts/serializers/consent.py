"""Bodies of the consent ledger."""

from typing import Any

from rest_framework import serializers

from accounts.models import ConsentEntry
from accounts.serializers.strict import StrictSerializer
from therapybridge.core.moments import validate_moment


class ConsentSerializer(serializers.Serializer[Any]):
    """An entry of the ledger."""

    id = serializers.UUIDField(read_only=True)
    consent_type = serializers.ChoiceField(choices=ConsentEntry.Type.choices, read_only=True)
    status = serializers.ChoiceField(choices=ConsentEntry.Status.choices, read_only=True)
    method = serializers.ChoiceField(choices=ConsentEntry.Method.choices, read_only=True)
    version = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    recorded_by = serializers.UUIDField(source="recorded_by_id", read_only=True, allow_null=True)
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


class RecordedConsentSerializer(serializers.Serializer[Any]):
    """The entries that one decision made."""

    results = ConsentSerializer(many=True, read_only=True)


class RecordConsentSerializer(StrictSerializer):
    """One decision about one or more types of consent."""

    types = serializers.ListField(
        child=serializers.ChoiceField(choices=ConsentEntry.Type.choices), allow_empty=False, max_length=10
    )
    status = serializers.ChoiceField(choices=ConsentEntry.Status.choices)
    method = serializers.ChoiceField(choices=ConsentEntry.Method.choices)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, validators=[validate_moment])
