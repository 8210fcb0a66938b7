"""The text for the patient: drafted, then shared or declined by a therapist, and withdrawn if need be."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.mail.services import queue_email
from sessions_app.action_items.services.drafted import without_items
from sessions_app.action_items.services.telling import tell_items
from sessions_app.audit_actions import SUMMARY_APPROVED, SUMMARY_DECLINED, SUMMARY_WITHDRAWN
from sessions_app.models import Extraction, PatientSummary, TherapySession
from sessions_app.notes.services.statements import reviewed, usable
from sessions_app.pipeline.drafting.references import standing_alone
from therapybridge.core.dates import zoned
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.links import absolute
from therapybridge.core.text import written

MAX_SUMMARY = 5000  # characters
# The text if there is nothing to say but what the patient reads under it.
LEADS_TO_ITEMS = "The steps that we agreed on are listed under “What we agreed”."
TOLD_AGAIN_AFTER = timedelta(days=1)
Status = PatientSummary.Status
TEXT = PatientSummary._meta.get_field("text")
ACTIONS = {
    Status.SHARED: SUMMARY_APPROVED,
    Status.DECLINED: SUMMARY_DECLINED,
    Status.WITHDRAWN: SUMMARY_WITHDRAWN,
}
# What the person who changed a summary did to it.
CHANGES = {
    Status.DRAFT: "A redraft replaced the text on {at}.",
    Status.SHARED: "{who} shared the summary on {at}.",
    Status.DECLINED: "{who} decided on {at} not to share it.",
    Status.WITHDRAWN: "{who} withdrew it on {at}.",
}


class SummaryChanged(Conflict):
    """The summary is not the one that was read any more: what was done to it, by whom and when."""

    code = "summary_changed"

    def __init__(self, summary: PatientSummary) -> None:
        who = summary.changed_by.full_name if summary.changed_by else ""
        self.extensions = {"change": {"status": summary.status, "by": who or None, "at": summary.updated_at}}
        at = zoned(summary.updated_at)
        done = CHANGES[Status(summary.status)].format(who=who or "A colleague", at=at)
        super().__init__(f"The summary has changed since you read it. {done}")


def draft_summary(session_id: UUID, extraction: Extraction) -> None:
    """Store the drafted text for the patient, unless a person has edited, shared or withdrawn one.

    Sentences that do not say of whom or what they speak are left out, and those that say what an action item says: the
    patient reads it under the text. Call it after `follow_draft`.
    """
    drafted = usable(reviewed(extraction).notes)["patient_summary"]["statements"]
    news = without_items(session_id, drafted)
    text = " ".join(standing_alone(item["text"] for item in news)) if news or not drafted else LEADS_TO_ITEMS
    summary = PatientSummary.objects.filter(session=session_id).first() or PatientSummary(session_id=session_id)
    if summary.status == Status.DRAFT and not summary.is_edited:
        summary.text = text
        summary.save()


def approve_summary(
    session: TherapySession,
    text: str | None,
    version: str | None = None,
    items: Collection[UUID] = (),
    *,
    access: RecordAccess,
) -> PatientSummary:
    """Share the summary with the patient, as it stands (text None) or with an edited text.

    `version` is the one that was read; SummaryChanged if the summary has changed since. The patient gets an e-mail,
    unless another text is already there to be read, or they were written to about this one within a day. `items` are
    the action items that were read under it: the patient is told of these and no others; Conflict if one has changed.
    """
    access.require_write(session.patient_id)
    with session.locked():
        summary = _as_read(session, version)
        shared_text = written("text", summary.text if text is None else text, MAX_SUMMARY)
        if shared_text == LEADS_TO_ITEMS and not items:
            raise InvalidInput(errors={"text": ["No step is shared with this text. Write a few lines instead."]})
        is_news = not summary.is_shared and not _was_told_of(summary, shared_text)
        _move(summary, Status.SHARED, shared_text, access, told_at=timezone.now() if is_news else None)
        tell_items(session, items, at=summary.approved_at or summary.updated_at)
        if is_news:
            _tell_patient(summary, session)
    return summary


def decline_summary(
    session: TherapySession, text: str | None = None, version: str | None = None, *, access: RecordAccess
) -> PatientSummary:
    """Decide not to share it; an edited text is kept for later. SummaryChanged as above, Conflict for a shared one."""
    access.require_write(session.patient_id)
    with session.locked():
        summary = _as_read(session, version)
        if summary.status != Status.DRAFT:
            raise Conflict("Only a summary that was never shared can be declined.", code="not_declinable")
        kept = written("text", summary.text if text is None else text, MAX_SUMMARY, least=0)
        _move(summary, Status.DECLINED, kept, access)
    return summary


def withdraw_summary(session: TherapySession, version: str | None = None, *, access: RecordAccess) -> PatientSummary:
    """Take it back: the patient sees that it was withdrawn, and when. Conflict for one that is not shared."""
    access.require_write(session.patient_id)
    with session.locked():
        summary = _as_read(session, version)
        if not summary.is_shared:
            raise Conflict("This summary is not shared.", code="not_shared")
        _move(summary, Status.WITHDRAWN, summary.text, access)
    return summary


def _was_told_of(summary: PatientSummary, text: str) -> bool:
    """Shared, withdrawn and shared again, the same text is one piece of news."""
    is_same = text == summary.text
    return is_same and summary.told_at is not None and timezone.now() - summary.told_at < TOLD_AGAIN_AFTER


def _as_read(session: TherapySession, version: str | None) -> PatientSummary:
    """The summary, if it is still the one that was read. The caller holds the session."""
    rows = PatientSummary.objects.select_related("changed_by").filter(session=session)
    summary: PatientSummary | None = rows.first()
    if summary is None or session.processed_at is None:
        raise Conflict("There is no summary to share yet.", code="no_summary")
    if version not in {None, summary.version}:
        raise SummaryChanged(summary)
    return summary


def _move(
    summary: PatientSummary, status: str, text: str, access: RecordAccess, *, told_at: datetime | None = None
) -> None:
    """`told_at` is kept of an unchanged text: nobody was written to about another one."""
    is_other = text != summary.text
    changed = ["status", "text"] if is_other else ["status"]
    columns = {
        "text": TEXT.seal(text, summary.pk),
        "is_edited": summary.is_edited or is_other,
        "changed_by": access.user,
        "told_at": told_at or (None if is_other else summary.told_at),
    }
    summary.move_to(status, action=ACTIONS[Status(status)], by=access, changed=changed, **columns)


def _tell_patient(summary: PatientSummary, session: TherapySession) -> None:
    button = ("Read it in your portal", absolute(reverse("portal_summaries:detail", args=[summary.pk])))
    lines = ["Your therapist has shared something with you to read."]
    patient = session.patient
    queue_email("summary_shared", patient.email, "Something new to read", lines, button=button, clinic=patient.clinic)
