"""Requests for corrections on the pages of their note, each with the forms that answer it."""

from typing import Any

from django.forms import Form

from sessions_app.models import AmendmentRequest, SessionNote
from sessions_app.notes.forms import AcceptAmendmentForm, DenyAmendmentForm, DisputeForm, ExtendAmendmentForm

ANSWERS = {"accept": AcceptAmendmentForm, "deny": DenyAmendmentForm, "extend": ExtendAmendmentForm}


def requests_to_answer(note: SessionNote, refused: Form | None = None) -> list[dict[str, Any]]:
    """All requests on a note, latest first; `refused` is a form of one of them with its errors."""
    rows = note.amendment_requests.select_related("addendum", "answered_by")
    return [{"asked": asked, "forms": _forms(asked, refused)} for asked in rows]


def _forms(asked: AmendmentRequest, refused: Form | None) -> dict[str, Form]:
    if not asked.is_open:
        return {}
    sent = refused if getattr(refused, "asked", None) == asked else None
    return {name: sent if sent and isinstance(sent, form) else form(asked=asked) for name, form in ANSWERS.items()}


def own_requests(note: SessionNote, refused: DisputeForm | None = None) -> list[dict[str, Any]]:
    """The same for the patient, who can add a statement to a denied one."""
    rows = note.amendment_requests.select_related("addendum")
    return [{"asked": asked, "form": _dispute_form(asked, refused)} for asked in rows]


def _dispute_form(asked: AmendmentRequest, refused: DisputeForm | None) -> DisputeForm | None:
    if refused and refused.asked == asked:
        return refused
    return DisputeForm(asked=asked) if asked.may_be_disputed else None
