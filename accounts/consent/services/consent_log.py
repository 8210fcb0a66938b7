"""Writing to the consent log, with the current text of each type."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.consent.audit_actions import CONSENT_EXPIRED
from accounts.consent.services import default_texts
from accounts.consent.services.attestation import content_of
from accounts.consent.signals import consent_changed
from accounts.models import ConsentEntry, ConsentTemplate, User
from audit.log import record
from therapybridge.core.actor import Actor
from therapybridge.core.batches import each_alone
from therapybridge.core.errors import Conflict

Status = ConsentEntry.Status
EXPIRED_A_RUN = 200
TEXT_CHANGED = "The text has changed in the meantime. Please read the new version first."


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The text for one type, and how long a consent to it is valid (None: until withdrawn)."""

    consent_type: str
    version: str
    text: str
    valid_days: int | None = None

    @property
    def label(self) -> str:
        return str(ConsentEntry.Type(self.consent_type).label)


@dataclass(frozen=True, slots=True)
class Signature:
    """How, by whom and when a decision was given."""

    method: str
    signed_at: datetime
    signed_day: date | None = None
    signer_role: str = ConsentEntry.SignerRole.PATIENT
    signer_name: str | None = None
    witness_name: str | None = None
    ip: str | None = None
    device_user: User | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of an entry, which have the same names."""
        return {column.name: getattr(self, column.name) for column in fields(self)}


def current_texts(clinic_id: UUID | None, types: Iterable[str]) -> dict[str, ConsentText]:
    """For each type, the clinic's newest text or else the standard one."""
    wanted = list(types)
    newer = ConsentTemplate.objects.filter(
        clinic=OuterRef("clinic"), consent_type=OuterRef("consent_type"), version__gt=OuterRef("version")
    )
    own = {
        row.consent_type: ConsentText(
            row.consent_type, str(row.version), row.text, row.valid_days or _valid_days(row.consent_type)
        )
        for row in ConsentTemplate.objects.filter(~Exists(newer), clinic=clinic_id, consent_type__in=wanted)
    }
    return {
        name: own.get(name) or ConsentText(name, default_texts.VERSION, default_texts.TEXTS[name], _valid_days(name))
        for name in wanted
    }


def _valid_days(name: str) -> int | None:
    """What a release has also if a clinic's own text names no end: it always expires."""
    return default_texts.VALID_DAYS.get(name)


def digest_of(texts: Iterable[ConsentText]) -> str:
    """Identifies the texts that were shown when the decision was given."""
    return hashlib.sha256(orjson.dumps([[one.consent_type, one.version, one.text] for one in texts])).hexdigest()


def require_same(texts: Iterable[ConsentText], digest: str) -> None:
    """Raise Conflict if the clinic changed a text since it was shown."""
    if digest_of(texts) != digest:
        raise Conflict(TEXT_CHANGED, code="consent_text_changed")


def record_decisions(
    patient: User,
    decisions: Mapping[str, str],
    signature: Signature,
    *,
    recorded_by: User | None,
    texts: Mapping[str, ConsentText],
    expires_at: datetime | None = None,
) -> list[ConsentEntry]:
    """Add one entry per type and send `consent_changed` on commit; call it with the patient's row locked.

    A grant expires at `expires_at` or after the clinic's validity period, whichever is sooner.
    """
    entries = [
        ConsentEntry.objects.create(
            patient=patient,
            consent_type=name,
            status=status,
            version=texts[name].version,
            text=texts[name].text,
            recorded_by=recorded_by,
            **signature.columns(),
            expires_at=end_of(texts[name], signature.signed_at, expires_at) if status == Status.GRANTED else None,
        )
        for name, status in decisions.items()
    ]
    _tell(patient.pk, dict(decisions))
    return entries


def end_of(text: ConsentText, signed_at: datetime, wished: datetime | None) -> datetime | None:
    """When a grant expires; None if it is valid until withdrawn."""
    period = signed_at + timedelta(days=text.valid_days) if text.valid_days else None
    return min(filter(None, (period, wished)), default=None)


def expire_due(*, by: Actor) -> int:
    """Add an `expired` entry for each grant past its expiry, once; returns how many.

    RowsFailed, once all others have expired, if it failed for some patients.
    """
    patients = ConsentEntry.objects.lapsed().order_by().values_list("patient", flat=True).distinct()
    found = [User(pk=patient_id) for patient_id in patients[:EXPIRED_A_RUN]]
    return each_alone(found, partial(_expire, by=by), event="consents_not_expired")


def _expire(patient: User, *, by: Actor) -> int:
    with patient.locked():
        lapsed = list(ConsentEntry.objects.lapsed().filter(patient=patient.pk).select_related("patient"))
        for grant in lapsed:
            entry = ConsentEntry.objects.create(
                patient=grant.patient,
                consent_type=grant.consent_type,
                status=Status.EXPIRED,
                method=grant.method,
                version=grant.version,
                text=grant.text,
                signed_at=grant.expires_at or timezone.now(),
                signer_role=grant.signer_role,
            )
            record_expiry(entry, by)
        if lapsed:
            _tell(patient.pk, {grant.consent_type: Status.EXPIRED.value for grant in lapsed})
    return len(lapsed)


def record_expiry(entry: ConsentEntry, by: Actor) -> None:
    """Audit an entry that ends a consent."""
    content = content_of([entry])
    record(CONSENT_EXPIRED, entry, by=by, changed=[entry.consent_type], ids=[entry.pk], reason=content)


def _tell(patient_id: UUID, decisions: dict[str, str]) -> None:
    transaction.on_commit(
        lambda: consent_changed.send_robust(ConsentEntry, patient_id=patient_id, decisions=decisions), robust=True
    )
