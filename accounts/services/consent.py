"""The ledger of consent: decisions are added, the latest of a type is in force."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest

from accounts import consent_texts
from accounts.models import ConsentEntry, User
from audit import log
from therapybridge.core.errors import ConsentRequired
from therapybridge.core.limits import client_ip

RECORDING_CONSENTS = (ConsentEntry.Type.RECORDING, ConsentEntry.Type.AI_PROCESSING)


def record_consent(
    patient: User,
    types: Sequence[str],
    status: str,
    method: str,
    *,
    by: User,
    expires_at: datetime | None = None,
    request: HttpRequest | None = None,
) -> list[ConsentEntry]:
    """Add one entry to the ledger for each type; the latest of a type is in force."""
    ip = client_ip(request) if request is not None else None
    with transaction.atomic():
        entries = [
            ConsentEntry.objects.create(
                patient=patient,
                consent_type=consent_type,
                status=status,
                method=method,
                version=consent_texts.VERSION,
                text=consent_texts.text_of(consent_type),
                recorded_by=by,
                ip=ip,
                expires_at=expires_at,
            )
            for consent_type in dict.fromkeys(types)
        ]
        for entry in entries:
            log.record(f"consent.{status}", by=by, target=entry, changed=[entry.consent_type], request=request)
    return entries


def missing_recording_consents(patient: User) -> list[str]:
    """Which of the two consents that a recording needs are not live."""
    live = set(
        ConsentEntry.objects.live()
        .filter(patient=patient, consent_type__in=RECORDING_CONSENTS)
        .values_list("consent_type", flat=True)
    )
    return [str(needed) for needed in RECORDING_CONSENTS if needed not in live]


def require_recording_consent(patient: User) -> None:
    """Pass while consent to recording and to AI processing are both live; ConsentRequired names what is missing."""
    missing = missing_recording_consents(patient)
    if missing:
        labels = ", ".join(str(ConsentEntry.Type(name).label) for name in missing)
        raise ConsentRequired(f"The patient's consent is missing: {labels}.", errors={"consent": missing})
