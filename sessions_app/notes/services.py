"""Sharing the summary of a session with the patient."""

from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from sessions_app.audit_actions import SUMMARY_APPROVED
from sessions_app.models import PatientSummary, TherapySession
from sessions_app.signals import summary_approved
from therapybridge.core.errors import Conflict, InvalidInput

MAX_SUMMARY = 5000  # characters


def approve_summary(
    session: TherapySession, text: str | None, version: str | None = None, *, access: RecordAccess
) -> PatientSummary:
    """Share the summary with the patient, as drafted (text None) or with an edited text.

    `version` is the one that was read; Conflict if the summary has changed since.
    """
    access.require_write(session.patient_id)
    with session.locked():
        summary: PatientSummary | None = PatientSummary.objects.filter(session=session).first()
        if summary is None or session.processed_at is None:
            raise Conflict("There is no summary to approve yet.", code="no_summary")
        if version not in {None, summary.version}:
            raise Conflict("The summary has changed since you read it.", code="summary_changed")
        shared_text = (summary.text if text is None else text).replace("\r\n", "\n").strip()
        if not shared_text or len(shared_text) > MAX_SUMMARY:
            raise InvalidInput(errors={"text": [f"Write between 1 and {MAX_SUMMARY} characters."]})
        summary.is_edited = summary.is_edited or shared_text != summary.text
        summary.text, summary.approved_at, summary.approved_by = shared_text, timezone.now(), access.user
        summary.save()
        record(SUMMARY_APPROVED, summary, by=access, changed=["text"])
        transaction.on_commit(lambda: summary_approved.send_robust(TherapySession, session=session), robust=True)
    return summary
