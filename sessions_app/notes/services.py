"""What people do with sessions. Each act checks consent, writes its audit row, and commits as a whole."""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.care.services.relations import require_care
from accounts.models import User
from audit.log import record
from sessions_app.models import PatientSummary, TherapySession
from sessions_app.signals import summary_approved
from therapybridge.core.errors import Conflict, InvalidInput

MAX_SUMMARY = 5000  # characters


def approve_summary(
    session: TherapySession, text: str | None, *, by: User, request: HttpRequest | None = None
) -> PatientSummary:
    """Share the summary with the patient, as drafted (text None) or as edited here."""
    require_care(session.patient_id, by=by)
    with session.locked():
        summary: PatientSummary | None = PatientSummary.objects.filter(session=session).first()
        if summary is None or session.processed_at is None:
            raise Conflict("There is no summary to approve yet.", code="no_summary")
        wording = (summary.text if text is None else text).replace("\r\n", "\n").strip()
        if not wording or len(wording) > MAX_SUMMARY:
            raise InvalidInput(errors={"text": [f"Write between 1 and {MAX_SUMMARY} characters."]})
        summary.is_edited = summary.is_edited or wording != summary.text
        summary.text, summary.approved_at, summary.approved_by = wording, timezone.now(), by
        summary.save()
        record(
            "summary.approved", by=by, target=summary, patient_id=session.patient_id, changed=["text"], request=request
        )
        transaction.on_commit(lambda: summary_approved.send_robust(TherapySession, session=session), robust=True)
    return summary
