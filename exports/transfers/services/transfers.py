"""Looking at a file from another system, and taking it over as it was shown, in one transaction."""

from dataclasses import dataclass
from functools import partial

from accounts.care.access import RecordAccess
from accounts.models import Clinic
from audit.log import record
from exports.transfers.audit_actions import TRANSFER_DONE, TRANSFER_PREVIEWED
from exports.transfers.choices import TransferKind
from exports.transfers.services.appointments import add_appointment, in_order, read_appointments
from exports.transfers.services.patients import add_patient, read_patients
from exports.transfers.services.previews import Adder, Preview
from exports.transfers.services.tables import decoded
from exports.transfers.services.transcripts import add_transcript, read_transcripts, unpacked
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden, InvalidInput


@dataclass(frozen=True, slots=True)
class Given:
    """The content of a file as text, and how to read it; `access` only for transcripts."""

    kind: str
    content: str
    day_first: bool = False
    access: RecordAccess | None = None


def content_of(kind: str, data: bytes) -> str:
    """The text of a file, or the texts of a zip; ImportRefused for what cannot be read."""
    return unpacked(data) if kind == TransferKind.TRANSCRIPTS else decoded(data)


def preview(given: Given, *, by: Actor) -> Preview:
    """What would become of the file. Nothing of it is kept."""
    found = _read(given, by)
    record(TRANSFER_PREVIEWED, by=given.access or by, ids=found.told_of)
    return found


def take_over(given: Given, digest: str, *, by: Actor) -> int:
    """Add what was shown: all of it or nothing; FileChanged if it would be something else by now.

    One at a time in a clinic, so that a second click finds what the first has added.
    """
    with _clinic_of(by).locked():
        found = _read(given, by)
        found.require_seen(digest)
        add, lines = _adder(given, by), found.new
        for line in in_order(lines) if given.kind == TransferKind.APPOINTMENTS else lines:
            add(line)
        record(TRANSFER_DONE, by=given.access or by)
    return len(lines)


def _clinic_of(by: Actor) -> Clinic:
    clinic: Clinic | None = by.user.clinic
    if clinic is None:
        raise Forbidden("Your account belongs to no clinic.")
    return clinic


def _read(given: Given, by: Actor) -> Preview:
    if given.kind == TransferKind.PATIENTS:
        return read_patients(given.content, by=by, day_first=given.day_first)
    if given.kind == TransferKind.APPOINTMENTS:
        return read_appointments(given.content, by=by, day_first=given.day_first)
    return read_transcripts(given.content, access=_access(given))


def _adder(given: Given, by: Actor) -> Adder:
    if given.kind == TransferKind.TRANSCRIPTS:
        return partial(add_transcript, access=_access(given))
    return partial(add_patient if given.kind == TransferKind.PATIENTS else add_appointment, by=by)


def _access(given: Given) -> RecordAccess:
    if given.access is None:
        raise InvalidInput(errors={"patient": ["Choose whose transcripts these are."]})
    return given.access
