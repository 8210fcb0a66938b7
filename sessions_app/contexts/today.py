"""Context of the Today page."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from sessions_app.contexts.progress import jobs_progress
from sessions_app.models import AmendmentRequest, NoteWithholding, SessionNote, TherapySession
from sessions_app.risk.contexts import risk_items

WAITING_LIMIT = 20
PATIENT_WAITS = {"correction", "summary"}  # kinds of waiting items


def today_context(user: User) -> dict[str, Any]:
    """Latest patients, waiting items (possible risk first), and running jobs."""
    waiting = _waiting(user)
    return {
        "latest_patients": _latest_patients(user),
        "waiting": waiting[:WAITING_LIMIT],
        "waiting_more": len(waiting) > WAITING_LIMIT,
        "running": running_sessions(user),
    }


def _latest_patients(user: User) -> list[dict[str, Any]]:
    patients = User.objects.patients_visible_to(user)
    held = Q(sessions__deleted_at=None) & ~Q(sessions__status=TherapySession.Status.FAILED)
    latest = patients.annotate(last_session=Max("sessions__session_date", filter=held)).order_by("-last_session")
    return [
        {"patient": patient, "last_session": patient.last_session} for patient in latest.exclude(last_session=None)[:6]
    ]


def _waiting(user: User) -> list[dict[str, Any]]:
    # Sessions readable only through emergency access do not wait for this therapist.
    mine = TherapySession.objects.visible_to(user).treated_by(user).select_related("patient")
    approve = mine.awaiting_approval().order_by("processed_at")[: WAITING_LIMIT + 1]
    failed = mine.failed().order_by("updated_at")[: WAITING_LIMIT + 1]
    asking = mine.asking().order_by("updated_at")[: WAITING_LIMIT + 1]
    items = [_item("summary", session, "Review summary", session.processed_at) for session in approve]
    items += [_item("failed", session, "See details", session.updated_at) for session in failed]
    items += [_item("speakers", session, "Say who is speaking", session.updated_at) for session in asking]
    items += [_note_item(note) for note in _unsigned_notes(user)]
    items += [_review_item(withholding) for withholding in _reviews_due(user)]
    items += [_amendment_item(asked) for asked in _open_amendments(user)]
    items += risk_items(user, WAITING_LIMIT + 1)
    return sorted(items, key=_urgency)


def _urgency(item: Mapping[str, Any]) -> tuple[int, datetime]:
    """Possible risk first, by when it is due; then what a patient waits for, then all else, the oldest first."""
    if review := item.get("review"):
        return 0, review.due_at
    return 1 if item["kind"] in PATIENT_WAITS else 2, item["since"]


def _item(kind: str, session: TherapySession, action: str, since: Any) -> dict[str, Any]:
    anchor = "?show=patient#patient-summary" if kind == "summary" else ""
    return {
        "kind": kind,
        "session": session,
        "url": session.get_absolute_url() + anchor,
        "action": action,
        "since": since,
    }


def _unsigned_notes(user: User) -> list[SessionNote]:
    mine = SessionNote.objects.waiting_for(user)
    return list(mine.select_related("session__patient").defer("content").order_by("created_at")[: WAITING_LIMIT + 1])


def _note_item(note: SessionNote) -> dict[str, Any]:
    item = _item("note", note.session, "Finish and sign", note.created_at)
    return item | {"url": reverse("notes:detail", args=[note.pk])}


def _reviews_due(user: User) -> list[NoteWithholding]:
    """Withheld notes to be looked at again, for all who treat the patient: whoever withheld it may have left."""
    treated = User.objects.patients_treated_by(user).order_by()
    due = NoteWithholding.objects.visible_to(user).due().filter(note__patient__in=treated)
    rows = due.select_related("note__session__patient").defer("reason", "note__content")
    return list(rows.order_by("review_date")[: WAITING_LIMIT + 1])


def _review_item(withholding: NoteWithholding) -> dict[str, Any]:
    since = timezone.make_aware(datetime.combine(withholding.review_date, time()))
    item = _item("withheld", withholding.note.session, "Look at it again", since)
    return item | {"url": reverse("notes:detail", args=[withholding.note_id]) + "#withheld"}


def _open_amendments(user: User) -> list[AmendmentRequest]:
    treated = User.objects.patients_treated_by(user).order_by()
    rows = AmendmentRequest.objects.open().filter(patient__in=treated).select_related("note__session__patient")
    texts = ("text", "extension_reason", "answer", "statement", "note__content")
    return list(rows.defer(*texts).order_by("due_date")[: WAITING_LIMIT + 1])


def _amendment_item(asked: AmendmentRequest) -> dict[str, Any]:
    item = _item("correction", asked.note.session, "Answer", asked.created_at)
    return item | {"url": reverse("notes:detail", args=[asked.note_id]) + f"#correction-{asked.pk}", "asked": asked}


def running_sessions(user: User) -> list[TherapySession]:
    """Sessions being processed, each with `.progress`; only the patient's therapists may cancel one."""
    rows = TherapySession.objects.visible_to(user).with_write_access(user).running()
    sessions = list(rows.select_related("patient", "job").order_by("created_at")[:WAITING_LIMIT])
    shown = jobs_progress([session.job for session in sessions])
    for session in sessions:
        session.progress = shown[session.pk]
    return sessions
