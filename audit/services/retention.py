"""Retention: the oldest part of a chain is removed after six years or more, and replaced by a signed tombstone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from audit import log
from audit.audit_actions import AUDIT_RETENTION
from audit.models import AuditChain, AuditEvent, AuditLink, AuditTombstone
from audit.services.signing import tombstone_mac
from audit.services.verification import verify
from audit.triggers import deletions_allowed
from therapybridge.core.actor import SYSTEM

MIN_YEARS = 6


@dataclass(frozen=True)
class Removal:
    """The positions of a chain that are old enough to remove."""

    clinic: UUID
    first: int
    last: int


class ChainDamaged(Exception):
    """The chain does not verify: it may be evidence and must not be touched."""


def cutoff(years: int) -> datetime:
    """The time before which events are old enough; ValueError below six years."""
    if years < MIN_YEARS:
        raise ValueError(f"The audit trail is kept for at least {MIN_YEARS} years.")
    now = timezone.now()
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # 29 February
        return now.replace(year=now.year - years, day=28)


def removable(chain: AuditChain, before: datetime) -> Removal | None:
    """The longest range from the chain's start in which every event is older than `before`."""
    links = AuditLink.objects.filter(clinic_id=chain.pk)
    young = AuditEvent.objects.filter(pk=models.OuterRef("event_id"), created_at__gte=before)
    kept = links.filter(models.Exists(young)).order_by("position").values_list("position", flat=True).first()
    last = kept - 1 if kept else chain.length
    return Removal(chain.pk, chain.base + 1, last) if last > chain.base else None


def remove(removal: Removal) -> None:
    """Write the tombstone, move the base, delete and audit, in one transaction; ChainDamaged changes nothing."""
    if verify(removal.clinic).findings:
        raise ChainDamaged
    with transaction.atomic():
        chain = AuditChain.objects.select_for_update().get(pk=removal.clinic)
        end = AuditLink.objects.get(clinic_id=chain.pk, position=removal.last)
        AuditTombstone.objects.bulk_create([_tombstone(removal, end.chain_mac)])
        AuditChain.objects.filter(pk=chain.pk).update(base=removal.last, base_mac=end.chain_mac)
        _delete(removal)
        sentence = f"positions {removal.first} to {removal.last}"
        log.record(AUDIT_RETENTION, by=SYSTEM, clinic_id=removal.clinic, reason=sentence)


def _tombstone(removal: Removal, code: str) -> AuditTombstone:
    stone = AuditTombstone(
        clinic_id=removal.clinic,
        first=removal.first,
        last=removal.last,
        chain_mac=code,
        removed_at=timezone.now(),
    )
    stone.signature = tombstone_mac(stone)
    return stone


def _delete(removal: Removal) -> None:
    where = "FROM audit_auditlink WHERE clinic_id = %s AND position <= %s"
    field = AuditLink._meta.get_field("clinic_id")
    params = [field.get_db_prep_value(removal.clinic, connection), removal.last]
    with deletions_allowed(connection), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM audit_auditevent WHERE id IN (SELECT event_id {where})", params)  # noqa: S608
        cursor.execute(f"DELETE {where}", params)
