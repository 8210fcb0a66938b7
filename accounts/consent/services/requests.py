"""Signing links: sent by a therapist, valid once, for seven days."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.consent.audit_actions import CONSENT_REQUEST_REVOKED, CONSENT_REQUEST_SENT, CONSENT_SIGNED
from accounts.consent.choices import OF_A_PLAN
from accounts.consent.services import consent_log
from accounts.consent.services.attestation import content_of
from accounts.consent.services.decisions import check_signer, clean_name, require_alone
from accounts.consent.signals import consent_signed
from accounts.mail.services import queue_email
from accounts.models import ConsentEntry, ConsentRequest, User
from audit.log import record
from therapybridge.core import limits, links
from therapybridge.core.errors import Conflict, InvalidInput

VALID_FOR = timedelta(days=7)
CHOICES = (ConsentEntry.Status.GRANTED, ConsentEntry.Status.DECLINED)


def request_consent(access: RecordAccess, types: Sequence[str], *, by_mail: bool = True) -> tuple[ConsentRequest, str]:
    """Create a signing link about anything but a plan (`create_request`); InvalidInput for that."""
    if OF_A_PLAN in types:
        raise InvalidInput(errors={"types": ["Ask about a treatment plan on the page of that plan."]})
    require_alone(types)
    return create_request(access, types, by_mail=by_mail)


def create_request(access: RecordAccess, types: Sequence[str], *, by_mail: bool) -> tuple[ConsentRequest, str]:
    """Create a signing link and, if wanted, e-mail it to the patient's address; earlier open links end.

    The link is returned, for a device in the room, and stored nowhere.
    """
    patient = access.patient
    access.require_write(patient.pk)
    if not patient.is_active:
        raise Conflict("This patient's account is closed.")
    limits.check("invitation", limits.requester(access.reader))
    secret, token_hash = links.new_secret()
    link = links.absolute(reverse("accounts:sign", args=[secret]))
    with patient.locked():
        earlier = ConsentRequest.objects.open().filter(patient=patient)
        ConsentRequest.end_all(earlier, "revoked", action=CONSENT_REQUEST_REVOKED, by=access)
        row = ConsentRequest.objects.create(
            patient=patient,
            types=list(dict.fromkeys(types)),
            requested_by=access.user,
            token_hash=token_hash,
            expires_at=timezone.now() + VALID_FOR,
        )
        if by_mail:
            _send(patient, link)
        record(CONSENT_REQUEST_SENT, row, by=access, changed=row.types)
    return row, link


def address_of(patient: User) -> str | None:
    """The patient's contact address, else the address they sign in with."""
    profile = getattr(patient, "profile", None)
    return (profile.email if profile else None) or patient.email


def _send(patient: User, link: str) -> None:
    clinic = patient.clinic
    name = clinic.name if clinic else "Your practice"
    lines = [
        f"{name} asks you to read and answer a form.",
        "The link works once, for seven days.",
        "If you did not expect this, you can ignore it.",
    ]
    subject = f"A form from {name}"
    queue_email(
        "consent_request.sent", address_of(patient), subject, lines, button=("Open the form", link), clinic=clinic
    )


def _tell_sender(row: ConsentRequest) -> None:
    to = row.requested_by.email if row.requested_by else None
    address = links.absolute(reverse("accounts:consent", args=[row.patient_id]))
    lines = ["A form that you sent was answered."]
    clinic = row.patient.clinic
    queue_email(
        "consent_request.answered", to, "A form was answered", lines, button=("See the answer", address), clinic=clinic
    )


def revoke_request(row: ConsentRequest, *, access: RecordAccess) -> None:
    """Revoke an open link; Conflict if it has already ended."""
    access.require_write(row.patient_id)
    row.move_to("revoked", action=CONSENT_REQUEST_REVOKED, by=access)


def texts_of(row: ConsentRequest) -> list[consent_log.ConsentText]:
    """The clinic's current texts for what the patient is asked."""
    texts = consent_log.current_texts(row.patient.clinic_id, row.types)
    return [texts[name] for name in row.types]


def sign(
    row: ConsentRequest,
    decisions: Mapping[str, str],
    *,
    access: RecordAccess,
    digest: str,
    signer_role: str,
    signer_name: str,
    witness_name: str = "",
    device_user: User | None = None,
) -> list[ConsentEntry]:
    """Record the decisions made through a link, consume the link, and tell who sent it: all or nothing.

    `device_user` is who was signed in on the device; that it was not the patient's own stays with the decisions.
    LinkGone if the link has ended in the meantime, Conflict if the clinic changed a text since it was shown, Forbidden
    with the access to another patient.
    """
    access.require_patient(row.patient_id)
    name, witness = clean_name(signer_name), clean_name(witness_name)
    if not name:
        raise InvalidInput(errors={"signer_name": ["Type your name to sign."]})
    check_signer(signer_role, name, witness)
    _check_choices(row, decisions)
    patient = row.patient
    with patient.locked():
        texts = texts_of(row)
        consent_log.require_same(texts, digest)
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
                device_user=device_user if device_user and device_user.pk != patient.pk else None,
            ),
            recorded_by=None,
            texts={one.consent_type: one for one in texts},
        )
        consent_signed.send(ConsentRequest, request=row, entries=entries)
        ids = [entry.pk for entry in entries]
        record(CONSENT_SIGNED, row, by=access, changed=row.types, ids=ids, reason=content_of(entries))
        _tell_sender(row)
    return entries


def _check_choices(row: ConsentRequest, decisions: Mapping[str, str]) -> None:
    if set(decisions) != set(row.types) or not set(decisions.values()) <= set(CHOICES):
        raise InvalidInput("For each text, choose whether you agree.")


def _use_up(row: ConsentRequest) -> None:
    try:
        row.move_to("used")
    except Conflict as error:
        raise links.LinkGone from error
