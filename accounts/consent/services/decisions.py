"""Recording and checking consent decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.consent.choices import OF_A_PLAN, STANDS_ALONE, ConsentType
from accounts.consent.services import consent_log
from accounts.consent.services.attestation import content_of
from accounts.models import ConsentEntry, User
from audit.audit_actions import declared
from audit.log import record
from therapybridge.core.api.moments import EARLIEST, day_of, lies_ahead, moment_of
from therapybridge.core.errors import Conflict, ConsentRequired, InvalidInput

Type, Status, Method, Role = ConsentEntry.Type, ConsentEntry.Status, ConsentEntry.Method, ConsentEntry.SignerRole
RECORDED_BY_HAND = (Status.GRANTED, Status.DECLINED, Status.REVOKED)
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class State:
    """The current status of one type; `entry` is the latest decision, or None."""

    consent_type: str
    label: str
    entry: ConsentEntry | None
    status: str
    is_live: bool


def record_consent(
    access: RecordAccess,
    types: Sequence[str],
    status: str,
    method: str,
    *,
    expires_at: datetime | None = None,
    signer_role: str = Role.PATIENT,
    signer_name: str | None = None,
    witness_name: str | None = None,
    signed_at: date | None = None,
    digest: str = "",
) -> list[ConsentEntry]:
    """Add one entry per type: granted, declined, or revoked (Conflict without a live grant).

    A verbal decision needs a witness: the one named, or else the therapist who records it. Anyone who decides for the
    patient must be named. A day or time to come is refused, and a consent signed before a later refusal
    does not undo it (Conflict). Electronic signatures are made only through a signing link. `digest` identifies
    the texts that were read aloud, if they were: Conflict if one has changed since.
    """
    access.require_write(access.patient.pk)
    chosen, now = list(dict.fromkeys(types)), timezone.now()
    if OF_A_PLAN in chosen and status != Status.REVOKED:
        raise InvalidInput(errors={"types": ["Record consent to a treatment plan on the page of that plan."]})
    if status != Status.REVOKED:
        require_alone(chosen)
    signature = consent_log.Signature(
        method=method,
        signed_at=_moment(signed_at, access, now),
        signed_day=day_of(signed_at) if signed_at else None,
        signer_role=signer_role,
        signer_name=clean_name(signer_name),
        witness_name=clean_name(witness_name) or (access.user.full_name if method == Method.VERBAL else None),
        ip=access.reader.address,
    )
    _check(status, signature, expires_at, now)
    return _decide(access, chosen, status, signature, expires_at=expires_at, digest=digest)


def require_alone(types: Sequence[str]) -> None:
    """InvalidInput if a release of what is otherwise left out is decided together with anything else."""
    if set(STANDS_ALONE) & set(types) and len(set(types)) > 1:
        told = "A release of private notes or private events is decided by itself: choose nothing else with it."
        raise InvalidInput(errors={"types": [told]})


def _decide(
    access: RecordAccess,
    chosen: Sequence[str],
    status: str,
    signature: consent_log.Signature,
    *,
    expires_at: datetime | None,
    digest: str,
) -> list[ConsentEntry]:
    """Add the entries, unless the texts that were read or an earlier decision forbid it."""
    patient = access.patient
    with patient.locked():
        texts = consent_log.current_texts(patient.clinic_id, chosen)
        if digest:
            consent_log.require_same(texts.values(), digest)
        _check_order(patient, chosen, status, signature.signed_at)
        if status == Status.GRANTED:
            _refuse_over(texts.values(), signature.signed_at, expires_at)
        decided, by = dict.fromkeys(chosen, status), access.user
        entries = consent_log.record_decisions(
            patient, decided, signature, recorded_by=by, texts=texts, expires_at=expires_at
        )
        ids, content = [entry.pk for entry in entries], content_of(entries)
        record(declared(f"consent.{status}"), by=access, changed=chosen, ids=ids, reason=content)
    return entries


def _moment(signed_at: date | None, access: RecordAccess, now: datetime) -> datetime:
    """The start of a day, since the time is not known; now, if that day is today."""
    zones = (access.patient.clinic_zone, access.user.zone)
    day = day_of(signed_at) if signed_at else None
    is_today = day is not None and day >= timezone.localdate(now, zones[0]) and not lies_ahead(day, *zones)
    return now if signed_at is None or is_today else moment_of(signed_at, zones[0], time.min)


def clean_name(name: str | None) -> str | None:
    """The name without surrounding spaces; None if empty."""
    return (name or "").strip() or None


def check_signer(role: str, name: str | None, witness: str | None) -> None:
    """Raise InvalidInput unless anyone who decides for the patient is named, and for overlong names."""
    if role != Role.PATIENT and not name:
        raise InvalidInput(errors={"signer_name": ["Name the person who decides for the patient."]})
    for field, given in (("signer_name", name), ("witness_name", witness)):
        if given and len(given) > MAX_NAME:
            raise InvalidInput(errors={field: [f"Use at most {MAX_NAME} characters."]})


def _check(status: str, signature: consent_log.Signature, expires_at: datetime | None, now: datetime) -> None:
    check_signer(signature.signer_role, signature.signer_name, signature.witness_name)
    if status not in RECORDED_BY_HAND:
        raise InvalidInput(errors={"status": ["A consent can be granted, declined or revoked; it expires by itself."]})
    if signature.method == Method.ELECTRONIC:
        raise InvalidInput(errors={"method": ["Ask the patient to sign: only the patient can sign electronically."]})
    if not EARLIEST <= signature.signed_at <= now:
        raise InvalidInput(errors={"signed_at": ["Use the day it was signed, today at the latest."]})
    if expires_at is not None and status != Status.GRANTED:
        raise InvalidInput(errors={"expires_at": ["Only a granted consent can have an expiry date."]})


def _refuse_over(texts: Iterable[consent_log.ConsentText], signed_at: datetime, expires_at: datetime | None) -> None:
    for text in texts:
        end = consent_log.end_of(text, signed_at, expires_at)
        if end is not None and end <= timezone.now():
            field = "expires_at" if end == expires_at else "signed_at"
            raise InvalidInput(errors={field: [f"{text.label}: this consent would already have expired."]})


def _check_order(patient: User, types: Sequence[str], status: str, signed_at: datetime) -> None:
    """Conflict for revoking without a live grant, and for a grant signed before the refusal in force."""
    latest = ConsentEntry.objects.filter(patient=patient, consent_type__in=types)
    if status == Status.REVOKED:
        missing = set(types) - set(latest.live().values_list("consent_type", flat=True))
        if missing:
            raise Conflict(f"There is no consent to withdraw: {labels(missing)}.", code="no_live_consent")
    if status == Status.GRANTED:
        refused = latest.in_force().filter(status__in=[Status.DECLINED, Status.REVOKED], signed_at__gt=signed_at)
        later = set(refused.values_list("consent_type", flat=True))
        if later:
            raise Conflict(f"The patient refused after this was signed: {labels(later)}.", code="refused_later")


def labels(types: Iterable[str]) -> str:
    """Labels of types for a sentence, in their usual order."""
    chosen = set(types)
    return ", ".join(str(one.label) for one in Type if one.value in chosen)


def consent_states(patient: User) -> list[State]:
    """Every type with its latest decision; a grant past its expiry counts as expired even before the log says so."""
    entries = ConsentEntry.objects.filter(patient=patient).in_force().select_related("recorded_by", "device_user")
    by_type = {entry.consent_type: entry for entry in entries}
    now = timezone.now()
    return [_state(one, by_type.get(one.value), now) for one in Type]


def _state(kind: ConsentType, entry: ConsentEntry | None, now: datetime) -> State:
    if entry is None:
        return State(kind.value, str(kind.label), None, "", False)
    is_over = entry.status == Status.GRANTED and entry.expires_at is not None and entry.expires_at <= now
    status = Status.EXPIRED.value if is_over else entry.status
    return State(kind.value, str(kind.label), entry, status, status == Status.GRANTED)


def missing_recording_consents(patient: User) -> list[str]:
    """Which of the two consents needed for recording are not live."""
    return [str(needed) for needed in ConsentEntry.objects.filter(patient=patient).missing_for_recording()]


def require_recording_consent(patient: User) -> None:
    """Raise ConsentRequired, naming what is missing, unless recording and AI processing both have a live consent."""
    missing = missing_recording_consents(patient)
    if missing:
        raise ConsentRequired(f"The patient's consent is missing: {labels(missing)}.", errors={"consent": missing})
