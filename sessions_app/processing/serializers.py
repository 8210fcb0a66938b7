"""Serializer of the progress of processing."""

from typing import Any

from rest_framework import serializers

from sessions_app.choices import SessionStatus
from sessions_app.processing.choices import EngineKind, Stage


class WaitsForField(serializers.ChoiceField):
    """The engine that has to answer before processing goes on; empty while nothing is waited for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__([("", "None"), *EngineKind.choices], **kwargs)


class SessionProgressSerializer(serializers.Serializer[Any]):
    """How far a session is, from {session, progress}; `eta_seconds` is null while it cannot be estimated."""

    status = serializers.ChoiceField(SessionStatus.choices, source="session.status", read_only=True)
    stage = serializers.ChoiceField(Stage.choices, source="progress.stage", read_only=True)
    step = serializers.CharField(source="progress.step", read_only=True)
    message = serializers.CharField(source="progress.label", read_only=True)
    percent = serializers.IntegerField(source="progress.percent", min_value=0, max_value=100, read_only=True)
    eta_seconds = serializers.IntegerField(source="progress.eta_seconds", allow_null=True, read_only=True)
    waits_for = WaitsForField(source="progress.waits_for", read_only=True)
    waiting_code = serializers.CharField(source="progress.waiting_code", read_only=True)
    is_running = serializers.BooleanField(source="session.is_running", read_only=True)
    error_code = serializers.CharField(source="session.error_code", read_only=True)
    error_detail = serializers.CharField(source="session.error_detail", read_only=True)
    error_retriable = serializers.BooleanField(source="session.error_retriable", read_only=True)
