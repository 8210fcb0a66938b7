"""Serializers for patients' rights."""

from typing import Any

from rest_framework import serializers

from accounts.models import AccessRequest, Disclosure
from accounts.rights.services.requests import HANDLED, MAX_TEXT
from therapybridge.core.api.moments import MomentOrDayField, validate_moment
from therapybridge.core.api.serializers import ComposedField, StrictSerializer, TidyField


class AccessRequestSerializer(serializers.Serializer[Any]):
    """A patient's request and its outcome."""

    id = serializers.UUIDField(read_only=True)
    patient_id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=AccessRequest.Kind.choices, read_only=True)
    details = serializers.CharField(read_only=True, allow_null=True)
    status = serializers.ChoiceField(choices=AccessRequest.Status.choices, read_only=True)
    due_at = serializers.DateTimeField(read_only=True)
    is_overdue = serializers.BooleanField(read_only=True)
    answer = serializers.CharField(read_only=True, allow_null=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


class NewAccessRequestSerializer(StrictSerializer):
    """A new request by a patient."""

    kind = serializers.ChoiceField(choices=AccessRequest.Kind.choices)
    details = ComposedField(required=False, allow_blank=True, max_length=MAX_TEXT)


class HandleAccessRequestSerializer(StrictSerializer):
    """Changes the status of a request; `answer` is required to fulfil or deny it."""

    status = serializers.ChoiceField(choices=[(str(one.value), one.label) for one in HANDLED])
    answer = ComposedField(required=False, allow_blank=True, max_length=MAX_TEXT)


class DisclosureSerializer(StrictSerializer):
    """A disclosure of the record, or part of it."""

    id = serializers.UUIDField(read_only=True)
    disclosed_at = MomentOrDayField(day="disclosed_day", validators=[validate_moment])
    recipient = TidyField(max_length=500)
    what = ComposedField(max_length=MAX_TEXT)
    why = ComposedField(required=False, allow_blank=True, allow_null=True, max_length=MAX_TEXT)
    basis = serializers.ChoiceField(choices=Disclosure.Basis.choices)
    created_at = serializers.DateTimeField(read_only=True)


class LoggedActionSerializer(serializers.Serializer[Any]):
    """What one person did on one day, and how often; reading it again within ten minutes does not count."""

    what = serializers.CharField(read_only=True)
    why = serializers.CharField(read_only=True)
    times = serializers.IntegerField(read_only=True)
    first_at = serializers.DateTimeField(read_only=True)
    last_at = serializers.DateTimeField(read_only=True)


class VisitSerializer(serializers.Serializer[Any]):
    """One person on one day."""

    who = serializers.CharField(read_only=True)
    role = serializers.CharField(read_only=True)
    actions = LoggedActionSerializer(many=True, read_only=True)


class DaySerializer(serializers.Serializer[Any]):
    """One day (UTC)."""

    day = serializers.DateField(read_only=True)
    visits = VisitSerializer(many=True, read_only=True)


class AccessLogSerializer(serializers.Serializer[Any]):
    """Up to 30 days, the latest first; `earlier` is the `before` of the next page."""

    days = DaySerializer(many=True, read_only=True)
    earlier = serializers.DateField(read_only=True, allow_null=True)
