"""Trails for tests: a few clinics with chained events of every kind."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from audit.models import AuditEvent
from audit.services.chain import first_id_at


def write(clinic: UUID | None, number: int, **columns: Any) -> list[AuditEvent]:
    """Events of now."""
    filled = {"action": "patient.viewed", "ids": [str(uuid4())], "changed": ["first_name"], "ip": "203.0.113.9"}
    return [AuditEvent.objects.create(clinic_id=clinic, **(filled | columns)) for _ in range(number)]


def write_aged(clinic: UUID | None, number: int, days: float, **columns: Any) -> list[AuditEvent]:
    """Events of `days` ago, a minute apart."""
    then = timezone.now() - timedelta(days=days)
    events = []
    for n in range(number):
        at = then + timedelta(minutes=n)
        filled = {
            "id": UUID(int=first_id_at(at).int + (uuid4().int >> 64)),
            "clinic_id": clinic,
            "action": "patient.viewed",
        }
        event = AuditEvent(**(filled | columns))
        event._meta.get_field("created_at").auto_now_add = False
        event.created_at = at
        try:
            event.save()
        finally:
            event._meta.get_field("created_at").auto_now_add = True
        events.append(event)
    return events
