"""Serializers for consent."""

from typing import Any

from rest_framework import serializers

from accounts.consent.choices import MethodByHand
from accounts.consent.services.decisions import MAX_NAME, RECORDED_BY_HAND
from accounts.models import ConsentEntry
from therapybridge.core.api.moments import MomentField, MomentOrDayField, validate_moment
from therapybridge.core.api.serializers import BoundedListField, StrictSerializer, TidyField

BY_HAND = [(one.value, one.label) for one in RECORDED_BY_HAND]


class ConsentSerializer(serializers.Serializer[Any]):
    """An entry of the consent log."""

    id = serializers.UUIDField(read_only=True)
    consent_type = serializers.ChoiceField(choices=ConsentEntry.Type.choices, read_only=True)
    status = serializers.ChoiceField(choices=ConsentEntry.Status.choices, read_only=True)
    method = serializers.ChoiceField(choices=ConsentEntry.Method.choices, read_only=True)
    version = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    signed_at = MomentOrDayField(day="signed_day", read_only=True)
    signer_role = serializers.ChoiceField(choices=ConsentEntry.SignerRole.choices, read_only=True)
    signer_name = serializers.CharField(read_only=True, allow_null=True)
    witness_name = serializers.CharField(read_only=True, allow_null=True)
    recorded_by = serializers.UUIDField(source="recorded_by_id", read_only=True, allow_null=True)
    device_user = serializers.UUIDField(source="device_user_id", read_only=True, allow_null=True)
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


class RecordedConsentSerializer(serializers.Serializer[Any]):
    """The entries that one decision created."""

    results = ConsentSerializer(many=True, read_only=True)


def _types() -> BoundedListField:
    kinds = serializers.ChoiceField(choices=ConsentEntry.Type.choices)
    return BoundedListField(child=kinds, allow_empty=False, max_length=len(ConsentEntry.Type.choices))


class RecordConsentSerializer(StrictSerializer):
    """One decision about one or more types of consent."""

    types = _types()
    status = serializers.ChoiceField(choices=BY_HAND)
    method = serializers.ChoiceField(choices=MethodByHand.choices)
    signed_at = MomentOrDayField(required=False, allow_null=True, validators=[validate_moment])
    signer_role = serializers.ChoiceField(choices=ConsentEntry.SignerRole.choices, required=False)
    signer_name = TidyField(required=False, allow_null=True, allow_blank=True, max_length=MAX_NAME)
    witness_name = TidyField(required=False, allow_null=True, allow_blank=True, max_length=MAX_NAME)
    expires_at = MomentField(required=False, allow_null=True, validators=[validate_moment])


class AskConsentSerializer(StrictSerializer):
    """What a patient is asked to decide about."""

    types = _types()


class ConsentRequestSerializer(serializers.Serializer[Any]):
    """A signing link; `link` is shown only in this response."""

    id = serializers.UUIDField(read_only=True)
    types = _types()
    link = serializers.URLField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
