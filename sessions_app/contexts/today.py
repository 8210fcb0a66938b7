"""Context of the Today page."""

from collections.abc import Mapping
from datetime import datetime, time
from functools import partial
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from sessions_app.contexts.progress import jobs_progress
from sessions_app.models import AmendmentRequest, NoteWithholding, SessionNote, TherapySession
from sessions_app.risk.contexts import risk_items
from therapybridge.core.compiled import objects_for
from therapybridge.core.pages.waiting import declared_items

WAITING_LIMIT = 20
PATIENT_WAITS = {"correction", "to_review"}  # kinds of waiting items
# What each kind of WAITING asks for, and since when it does.
ASKED = {
    "to_review": ("Review summary", "processed_at"),
    "failed": ("See details", "updated_at"),
    "speakers": ("Say who is speaking", "updated_at"),
    "empty": ("Add a recording", "created_at"),
}
URLS = {"to_review": TherapySession.get_summary_url, "speakers": TherapySession.get_speakers_url}


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
    latest = objects_for(user, _latest_of)
    return [{"patient": patient, "last_session": patient.last_session} for patient in latest]


def _latest_of(reader: User) -> QuerySet[Any]:
    held = TherapySession.objects.counted().filter(patient=OuterRef("pk")).in_order()
    seen: QuerySet[Any] = User.objects.patients_visible_to(reader).annotate(
        last_session=Subquery(held.values("session_date")[:1])
    )
    return seen.exclude(last_session=None).order_by("-last_session")[:6]


def _waiting(user: User) -> list[dict[str, Any]]:
    items = []
    for kind, (action, since) in ASKED.items():
        rows = objects_for(user, WAIT_AS[kind])
        items += [_item(kind, session, action, getattr(session, since)) for session in rows]
    items += _note_items(user)
    items += [_review_item(withholding) for withholding in _reviews_due(user)]
    items += [_amendment_item(asked) for asked in objects_for(user, _open_amendments)]
    items += risk_items(user)
    items += [_declared(item) for item in declared_items(user, WAITING_LIMIT + 1)]
    return sorted(items, key=_urgency)


def _waiting_as(kind: str, since: str, reader: User) -> QuerySet[TherapySession]:
    rows = TherapySession.objects.waiting_as(kind, reader).select_related("patient")
    return rows.order_by(since)[: WAITING_LIMIT + 1]


WAIT_AS = {kind: partial(_waiting_as, kind, since) for kind, (_, since) in ASKED.items()}


def _urgency(item: Mapping[str, Any]) -> tuple[int, datetime]:
    """Possible risk first, by when it is due; then what a patient waits for, then all else, the oldest first."""
    if review := item.get("review"):
        return 0, review.due_at
    return 1 if item["kind"] in PATIENT_WAITS else 2, item["since"]


def _declared(item: dict[str, Any]) -> dict[str, Any]:
    """What another app declares, waiting since its day."""
    return item | {"kind": "declared", "since": timezone.make_aware(datetime.combine(item["due_date"], time()))}


def _item(kind: str, session: TherapySession, action: str, since: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "patient": session.patient,
        "session": session,
        "url": URLS.get(kind, TherapySession.get_absolute_url)(session),
        "action": action,
        "since": since,
    }


def _note_items(user: User) -> list[dict[str, Any]]:
    """Notes to be signed, and those to be co-signed."""
    unsigned, signed = objects_for(user, _to_sign), objects_for(user, _to_cosign)
    items = [(note, _item("note", note.session, "Finish and sign", note.created_at)) for note in unsigned]
    items += [(note, _item("cosign", note.session, "Read and co-sign", note.signed_at)) for note in signed]
    return [item | {"url": reverse("notes:detail", args=[note.pk])} for note, item in items]


def _to_sign(reader: User) -> QuerySet[SessionNote]:
    return _shown(SessionNote.objects.to_sign(reader)).order_by("created_at")[: WAITING_LIMIT + 1]


def _to_cosign(reader: User) -> QuerySet[SessionNote]:
    return _shown(SessionNote.objects.to_cosign(reader)).order_by("signed_at")[: WAITING_LIMIT + 1]


def _shown(notes: QuerySet[SessionNote]) -> QuerySet[SessionNote]:
    return notes.select_related("session__patient").defer("content")


def _reviews_due(user: User) -> list[NoteWithholding]:
    """Withheld notes to be looked at again, for all who treat the patient: whoever withheld it may have left."""
    rows = (
        NoteWithholding.objects.waiting_for(user)
        .select_related("note__session__patient")
        .defer("reason", "note__content")
    )
    return list(rows.order_by("review_date")[: WAITING_LIMIT + 1])


def _review_item(withholding: NoteWithholding) -> dict[str, Any]:
    since = timezone.make_aware(datetime.combine(withholding.review_date, time()))
    item = _item("withheld", withholding.note.session, "Look at it again", since)
    return item | {"url": reverse("notes:detail", args=[withholding.note_id]) + "#withheld"}


def _open_amendments(reader: User) -> QuerySet[AmendmentRequest]:
    rows = (
        AmendmentRequest.objects.open()
        .filter(User.objects.patients_treated_by(reader).holding())
        .select_related("note__session__patient", "note__clinic")
    )
    texts = ("text", "extension_reason", "answer", "statement", "note__content")
    return rows.defer(*texts).order_by("due_date")[: WAITING_LIMIT + 1]


def _amendment_item(asked: AmendmentRequest) -> dict[str, Any]:
    item = _item("correction", asked.note.session, "Answer", asked.created_at)
    return item | {"url": asked.url_on("notes:detail"), "asked": asked}


def running_sessions(user: User) -> list[TherapySession]:
    """Sessions being processed, each with `.progress`; only the patient's therapists may cancel one."""
    sessions = objects_for(user, _running)
    shown = jobs_progress([session.job for session in sessions])
    for session in sessions:
        session.progress = shown[session.pk]
    return sessions


def _running(reader: User) -> QuerySet[TherapySession]:
    visible = User.objects.patients_visible_to(reader).holding()  # few run: no other session is looked at
    rows = TherapySession.objects.filter(visible, deleted_at=None).with_write_access(reader).running()
    return rows.select_related("patient", "job").order_by("created_at")[:WAITING_LIMIT]
