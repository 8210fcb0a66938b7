"""The audit trail: one row per action on personal data, never with values of the data itself.

Events are plain inserts. Seconds later, services/chain.py adds them to their clinic's hash chain.
"""

from __future__ import annotations

from typing import Any, NoReturn, Self
from uuid import UUID

from django.conf import settings
from django.db import models

from audit.choices import Outcome
from therapybridge.core.models import one_of, uuid7

# The chain of events without a clinic (operators, failed sign-ins); NULL would escape constraints.
NO_CLINIC = UUID(int=0)
GENESIS = "0" * 64


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses updates and deletions."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise TypeError("The audit trail is append-only.")

    def delete(self) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise TypeError("The audit trail is append-only.")


class AuditEventQuerySet(AppendOnlyQuerySet):
    """Queries on audit events by reader and chain."""

    def visible_to(self, user: Any) -> Self:
        """Administrators may read their clinic's events, operators all, everyone else none."""
        if not getattr(user, "is_active", False):
            return self.none()
        if getattr(user, "is_superuser", False):
            return self.all()
        clinic_id = getattr(user, "clinic_id", None)
        return (
            self.filter(clinic_id=clinic_id) if clinic_id and getattr(user, "is_clinic_admin", False) else self.none()
        )

    def unchained(self) -> Self:
        """Events not yet chained, oldest first."""
        links = AuditLink.objects.filter(event_id=models.OuterRef("pk"))
        return self.filter(~models.Exists(links)).order_by("pk")

    def of_chain(self, clinic: UUID) -> Self:
        """The events of a clinic's chain; NO_CLINIC means those without a clinic."""
        return self.filter(clinic_id=None if clinic == NO_CLINIC else clinic)


class AppendOnlyModel(models.Model):
    """Rows that are inserted once; database triggers enforce the same (see triggers.py)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only; existing rows are never written again."""
        if not self._state.adding:
            raise TypeError("The audit trail is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise TypeError("The audit trail is append-only.")


class AuditEvent(AppendOnlyModel):
    """An action and its outcome. `changed` holds only field names, `ids` the rows that a list returned, `grant_id` the
    emergency access used, `preceding` events that were committed before (see core/witnesses.py).
    """

    Outcome = Outcome

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    clinic_id = models.UUIDField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    action = models.CharField(max_length=80)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    ids = models.JSONField(default=list)
    grant_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OK)
    reason = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)
    changed = models.JSONField(default=list)
    preceding = models.JSONField(null=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        # Ids are in time order, so that the first index serves every date range. The conditions spare most inserts the
        # indexes that are rarely needed.
        indexes = [
            models.Index(fields=["clinic_id", "-id"], name="audit_clinic"),
            models.Index(fields=["patient_id", "-id"], name="audit_patient"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(
                fields=["clinic_id", "action", "-id"],
                name="audit_action",
                opclasses=["uuid_ops", "varchar_pattern_ops", "uuid_ops"],
            ),
            models.Index(fields=["target_id"], name="audit_target", condition=models.Q(target_id__isnull=False)),
            models.Index(fields=["request_id"], name="audit_request", condition=~models.Q(request_id="")),
            models.Index(
                fields=["clinic_id", "-id"], name="audit_refused", condition=models.Q(outcome__in=["denied", "failed"])
            ),
            models.Index(
                fields=["clinic_id", "-id"], name="audit_emergency", condition=models.Q(grant_id__isnull=False)
            ),
        ]
        constraints = [
            one_of("outcome", Outcome, "audit_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.action} ({self.outcome})"


class AuditChain(models.Model):
    """The end of a clinic's chain, and the lock of its builder. Positions up to `base` were removed by retention."""

    clinic_id = models.UUIDField(primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)
    base = models.PositiveBigIntegerField(default=0)
    base_mac = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"Chain {str(self.pk)[-8:]}"


class AuditLink(AppendOnlyModel):
    """An event's position in its clinic's chain, from 1. `version` is the canonical form covered by `row_mac`."""

    event_id = models.UUIDField(primary_key=True)
    clinic_id = models.UUIDField()
    position = models.PositiveBigIntegerField()
    version = models.PositiveSmallIntegerField()
    row_mac = models.CharField(max_length=64)
    chain_mac = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic_id", "position"], name="audit_link_position")]

    def __str__(self) -> str:
        return f"Link {self.position}"


class AuditTombstone(AppendOnlyModel):
    """A range removed by retention: positions `first` to `last`, the chain's MAC at `last`, and a signature."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clinic_id = models.UUIDField()
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    chain_mac = models.CharField(max_length=64)
    removed_at = models.DateTimeField()
    signature = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic_id", "first"], name="audit_tombstone_first")]

    def __str__(self) -> str:
        return f"Positions {self.first} to {self.last}"
