"""What the audit trail knows of the consent log: a MAC over each decision, which shows that one was changed since."""

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from accounts.consent.audit_actions import ATTESTING
from accounts.models import ConsentEntry
from audit.models import NO_CLINIC, AuditEvent, AuditTombstone
from audit.services.signing import attest
from audit.services.verification import Finding
from therapybridge.core.crypto import DecryptionError

PREFIX = "content "
COLUMNS = (
    *("id", "created_at", "patient_id", "consent_type", "status", "version", "text", "method", "signed_at"),
    *("signed_day", "signer_role", "signer_name", "witness_name", "recorded_by_id", "ip", "device_user_id"),
    "expires_at",
)
CHUNK = 200


def content_of(entries: Iterable[Any]) -> str:
    """The `reason` of the audit event that names these entries in `ids`."""
    return PREFIX + attest([_plain(entry) for entry in sorted(entries, key=lambda entry: entry.pk)])


def _plain(entry: Any) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in COLUMNS}
    return values | {"ip": str(ipaddress.ip_address(entry.ip)) if entry.ip else None}


def altered() -> Iterator[Finding]:
    """Decisions that are not as the trail has them: changed, taken out, or never recorded there."""
    known: set[UUID] = set()
    events = AuditEvent.objects.filter(action__in=ATTESTING, reason__startswith=PREFIX).order_by("pk")
    for event in events.iterator(CHUNK):
        ids = {UUID(one) for one in event.ids}
        known |= ids
        if kind := _difference(event.reason, ids):
            yield Finding(event.clinic_id or NO_CLINIC, None, event.pk, kind)
    yield from _unrecorded(known)


def _difference(attested: str, ids: set[UUID]) -> str:
    try:
        entries = list(ConsentEntry.objects.filter(pk__in=ids))
        if len(entries) < len(ids):
            return "consent_missing"
        return "" if content_of(entries) == attested else "consent_changed"
    except (DecryptionError, ValueError, TypeError):
        return "consent_changed"


def _unrecorded(known: set[UUID]) -> Iterator[Finding]:
    """Entries without an event; retention may have removed that of an old one."""
    rows = ConsentEntry.objects.order_by("pk").values_list("pk", "created_at", "patient__clinic")
    begins = {clinic: _first_kept(clinic) for clinic in AuditTombstone.objects.values_list("clinic_id", flat=True)}
    for pk, created_at, clinic in rows.iterator(CHUNK):
        if pk not in known and not (clinic in begins and created_at < begins[clinic]):
            yield Finding(clinic or NO_CLINIC, None, pk, "consent_unrecorded")


def _first_kept(clinic: UUID) -> Any:
    return AuditEvent.objects.of_chain(clinic).order_by("pk").values_list("created_at", flat=True).first()
