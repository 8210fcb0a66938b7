"""Serializers for audit events."""

from typing import Any

from rest_framework import serializers

from audit.models import AuditEvent


class AuditEventSerializer(serializers.ModelSerializer[AuditEvent]):
    """An audit event, with ids instead of names."""

    actor = serializers.UUIDField(source="actor_id", allow_null=True, read_only=True)
    actor_role = serializers.SerializerMethodField(allow_null=True)
    ids = serializers.ListField(child=serializers.CharField(), read_only=True)
    changed = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = AuditEvent
        fields = (
            *("id", "created_at", "actor", "actor_role", "action", "target_type", "target_id", "patient_id", "ids"),
            *("grant_id", "outcome", "reason", "request_id", "ip", "user_agent", "changed"),
        )
        read_only_fields = fields

    def get_actor_role(self, event: AuditEvent) -> str | None:
        """The actor's current role; null for the system and for deleted people."""
        role: Any = getattr(event.actor, "role", None)
        return str(role) if role else None
