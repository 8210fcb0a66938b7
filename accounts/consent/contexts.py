"""Contexts of the consent pages."""

from collections.abc import Mapping
from typing import Any

from accounts.care.access import RecordAccess
from accounts.consent.choices import RECORDING_CONSENTS
from accounts.consent.services import consent_log, decisions, requests
from accounts.models import ConsentEntry, ConsentRequest, User
from therapybridge.core.pages.lists import Listing, ListPage
from therapybridge.core.pages.qr import qr_data_uri

ENTRIES = Listing(order=("-id",))


def consent_context(access: RecordAccess, query: Mapping[str, str], path: str) -> dict[str, Any]:
    """Whether the patient may be recorded, the ways to ask, what is in force, and a page of the log."""
    patient = access.patient
    states = decisions.consent_states(patient)
    recording = [state for state in states if state.consent_type in RECORDING_CONSENTS]
    missing = [state.consent_type for state in recording if not state.is_live]
    to_read = consent_log.current_texts(patient.clinic_id, missing).values()
    return {
        "patient": patient,
        "may_write": access.may_write,
        "states": states,
        "recording": recording,
        "missing": missing,
        "to_read": to_read,
        "digest": consent_log.digest_of(to_read),
        "texts": consent_log.current_texts(patient.clinic_id, RECORDING_CONSENTS).values(),
        "address": requests.address_of(patient),
        "requests": _open_requests(patient),
        "page": history_of(patient, query, path),
    }


def history_of(patient: User, query: Mapping[str, str], path: str) -> ListPage:
    """A page of the consent log."""
    entries = ConsentEntry.objects.filter(patient=patient).select_related("recorded_by", "device_user")
    return ENTRIES.page(entries, query, path)


def _open_requests(patient: User) -> list[tuple[ConsentRequest, str]]:
    rows = ConsentRequest.objects.open().filter(patient=patient).select_related("requested_by")
    return [(row, decisions.labels(row.types)) for row in rows]


def link_context(access: RecordAccess, row: ConsentRequest, link: str, *, is_mailed: bool) -> dict[str, Any]:
    """A new signing link, as text and as QR code."""
    return {
        "patient": access.patient,
        "row": row,
        "labels": decisions.labels(row.types),
        "link": link,
        "qr": qr_data_uri(link),
        "is_mailed": is_mailed,
        "address": requests.address_of(access.patient),
    }


def request_context(row: ConsentRequest) -> dict[str, Any]:
    """What became of a signing link; the decisions only once it was used."""
    states = decisions.consent_states(row.patient) if row.used_at else []
    return {"row": row, "patient": row.patient, "decided": [one for one in states if one.consent_type in row.types]}
