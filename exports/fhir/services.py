"""A whole record as data."""

from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from exports.choices import ExportKind
from exports.collect import Request, Wanted, collect
from exports.fhir.audit_actions import RECORD_READ_AS_FHIR
from exports.records.record import About, Record
from sessions_app.models import TherapySession
from therapybridge.core.errors import TooLarge

# More with their transcripts would keep a web process busy for seconds: a worker makes those, as an export.
MOST_SESSIONS = 50


class RecordTooLarge(TooLarge):
    """A record that only a worker should build."""

    code = "record_too_large"
    title = "The record is too large to be read at once"


def read_whole_record(access: RecordAccess) -> Record:
    """Everything but what leaves only with an authorisation of its own; RecordTooLarge for more than MOST_SESSIONS."""
    _require_moderate(access)
    whole = collect(Request(access, Wanted(kind=ExportKind.FULL_RECORD)), _about(access))
    record(RECORD_READ_AS_FHIR, by=access)
    return whole


def _require_moderate(access: RecordAccess) -> None:
    sessions = TherapySession.objects.filter(patient=access.patient).order_by()
    if sessions[: MOST_SESSIONS + 1].count() > MOST_SESSIONS:
        raise RecordTooLarge(
            f"It has more than {MOST_SESSIONS} sessions: ask for an export in the format FHIR instead."
        )


def _about(access: RecordAccess) -> About:
    profile = getattr(access.patient, "profile", None)
    return About(
        kind=ExportKind.FULL_RECORD,
        made_at=timezone.now(),
        made_by=access.user.full_name,
        recipient=access.user.full_name,
        time_zone=str(access.patient.clinic_zone),
        is_for_patient=access.is_own,
        # The law limits what others do with it.
        is_part_2=bool(profile and profile.is_part_2) and not access.is_own,
    )
