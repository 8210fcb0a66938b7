"""Receivers for the field history."""

from typing import Any

from auditlog.models import LogEntry
from django.db.models.signals import pre_save
from django.dispatch import receiver

from audit.log import current_actor
from therapybridge.core.models import short_id


@receiver(pre_save, sender=LogEntry, dispatch_uid="audit.stamp_history_entry")
def stamp_history_entry(sender: type, instance: LogEntry, **kwargs: Any) -> None:
    """Add actor and address, and replace the object's text by its model and the end of its id."""
    instance.object_repr = f"{instance.content_type.model} {short_id(instance.object_pk)}"
    instance.actor_email = None
    by = current_actor.get()()
    instance.actor, instance.remote_addr = by.user, by.address
