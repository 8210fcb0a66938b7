"""Withdrawing what was filled in by mistake; results are never changed."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.text import fold_name
from treatment.measures.audit_actions import MEASURE_WITHDRAWN
from treatment.models import MeasureAssignment, MeasureResult
from treatment.signals import measure_withdrawn

MIN_REASON, MAX_REASON = 5, 1_000  # characters
REASON = MeasureResult._meta.get_field("withdrawal_reason")
Status = MeasureAssignment.Status


def withdraw_result(result: MeasureResult, *, reason: str, access: RecordAccess) -> MeasureResult:
    """Withdraw a mistake: it no longer counts, and stays in the record with the reason. Its assignment opens again.

    A risk review that it opened stays: nothing but a disposition closes one. Conflict if it was withdrawn before.
    """
    access.require_write(result.patient_id)
    written = _checked(reason)
    with access.patient.locked():
        columns = {"withdrawn_at": timezone.now(), "withdrawn_by": access.user}
        sealed = REASON.seal(written, result.pk)
        if not MeasureResult.objects.standing().filter(pk=result.pk).update(**columns, withdrawal_reason=sealed):
            raise Conflict("This was withdrawn before.", code="measure_withdrawn")
        if result.assignment:
            _open_again(result.assignment)
        record(MEASURE_WITHDRAWN, result, by=access, changed=["withdrawn_at"])
        result.refresh_from_db()
        transaction.on_commit(partial(measure_withdrawn.send_robust, MeasureResult, result=result), robust=True)
    return result


def _open_again(assignment: MeasureAssignment) -> None:
    """Cancelled instead while a later one of the same questionnaire waits: nobody should find two of it. One that was
    cancelled before stays so.
    """
    assignment.refresh_from_db(fields=["status"])
    if assignment.status == Status.CANCELLED:
        return
    same = MeasureAssignment.objects.open().filter(patient=assignment.patient_id, instrument=assignment.instrument)
    assignment.move_to(Status.CANCELLED if same.exists() else Status.OPEN)


def _checked(reason: str) -> str:
    """The reason as it is kept. What cannot be seen does not count as written."""
    written = reason.replace("\r\n", "\n").strip()
    if len(written) > MAX_REASON or len(fold_name(written)) < MIN_REASON:
        raise InvalidInput(errors={"reason": [f"Write between {MIN_REASON} and {MAX_REASON:,} characters."]})
    return written
