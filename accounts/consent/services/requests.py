"""Links on which a patient decides alone: sent by a therapist, good once, for seven days."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta

import orjson
from django.urls import reverse
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.consent.audit_actions import CONSENT_REQUEST_REVOKED, CONSENT_REQUEST_SENT, CONSENT_SIGNED
from accounts.consent.services import consent_log
from accounts.consent.services.decisions import check_signer, clean_name
from accounts.mail.services import queue_email
from accounts.models import ConsentEntry, ConsentRequest, User
from audit.log import record
from therapybridge.core import limits, links
from therapybridge.core.errors import Conflict, InvalidInput

VALID_FOR = timedelta(days=7)
CHOICES = (ConsentEntry.Status.GRANTED, ConsentEntry.Status.DECLINED)
TEXT_CHANGED = "The text has changed meanwhile. Please read it again and sign it as it is now."


def request_consent(access: RecordAccess, types: Sequence[str]) -> tuple[ConsentRequest, str]:
    """Make a signing link and send it to the patient's address, if there is one; earlier open links end.

    The link is in the answer, for a device in the room, and kept nowhere.
    """
    patient = access.patient
    access.require_write(patient.pk)
    if not patient.is_active:
        raise Conflict("This patient's account is closed.")
    limits.check("invitation", limits.requester(access.reader))
    (secret, token_hash), now = links.new_secret(), timezone.now()
    link = links.absolute(reverse("accounts:sign", args=[secret]))
    with patient.locked():
        ConsentRequest.objects.open().filter(patient=patient).update(revoked_at=now, updated_at=now)
        row = ConsentRequest.objects.create(
            patient=patient,
            types=list(dict.fromkeys(types)),
            requested_by=access.user,
            token_hash=token_hash,
            expires_at=now + VALID_FOR,
        )
        _send(patient, link)
        record(CONSENT_REQUEST_SENT, row, by=access, changed=row.types)
    return row, link


def address_of(patient: User) -> str | None:
    """Where the practice writes to; else what the patient signs in with."""
    profile = getattr(patient, "profile", None)
    return (profile.email if profile else None) or patient.email


def _send(patient: User, link: str) -> None:
    clinic = patient.clinic
    name = clinic.name if clinic else "Your practice"
    lines = [
        f"{name} asks you to read and answer a form.",
        "The link works once, for seven days.",
        "If you did not expect this, there is nothing to do.",
    ]
    subject = f"A form from {name}"
    queue_email(
        "consent_request.sent", address_of(patient), subject, lines, button=("Open the form", link), clinic=clinic
    )


def revoke_request(row: ConsentRequest, *, access: RecordAccess) -> None:
    """Make an open link useless; Conflict when it has ended already."""
    access.require_write(row.patient_id)
    row.move_to("revoked", action=CONSENT_REQUEST_REVOKED, by=access)


def texts_of(row: ConsentRequest) -> list[consent_log.ConsentText]:
    """What the patient is asked, as the clinic says it today."""
    texts = consent_log.current_texts(row.patient.clinic_id, row.types)
    return [texts[name] for name in row.types]


def digest_of(texts: Sequence[consent_log.ConsentText]) -> str:
    """By which a signature says which texts were on the page."""
    return hashlib.sha256(orjson.dumps([[one.consent_type, one.version, one.text] for one in texts])).hexdigest()


def sign(
    row: ConsentRequest,
    decisions: Mapping[str, str],
    *,
    access: RecordAccess,
    digest: str,
    signer_role: str,
    signer_name: str,
    witness_name: str = "",
) -> list[ConsentEntry]:
    """Record what was decided on a link and use the link up, both or neither.

    LinkGone for a link that ended meanwhile, Conflict when the clinic changed a text since it was shown.
    """
    name, witness = clean_name(signer_name), clean_name(witness_name)
    if not name:
        raise InvalidInput(errors={"signer_name": ["Type your name to sign."]})
    check_signer(signer_role, name, witness)
    _check_choices(row, decisions)
    patient = row.patient
    with patient.locked():
        texts = texts_of(row)
        if digest_of(texts) != digest:
            raise Conflict(TEXT_CHANGED, code="words_changed")
        _use_up(row)
        entries = consent_log.record_decisions(
            patient,
            {one: decisions[one] for one in row.types},
            consent_log.Signature(
                method=ConsentEntry.Method.ELECTRONIC,
                signed_at=timezone.now(),
                signer_role=signer_role,
                signer_name=name,
                witness_name=witness,
                ip=access.reader.address,
            ),
            recorded_by=None,
            texts={one.consent_type: one for one in texts},
        )
        record(CONSENT_SIGNED, by=access, changed=row.types, ids=[entry.pk for entry in entries])
    return entries


def _check_choices(row: ConsentRequest, decisions: Mapping[str, str]) -> None:
    if set(decisions) != set(row.types) or not set(decisions.values()) <= set(CHOICES):
        raise InvalidInput("Choose for each of the texts whether you agree.")


def _use_up(row: ConsentRequest) -> None:
    try:
        row.move_to("used")
    except Conflict as error:
        raise links.LinkGone from error
