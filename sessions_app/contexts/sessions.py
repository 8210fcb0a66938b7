"""Context of the list of sessions: each with what its therapist would do next."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from sessions_app.models import TherapySession
from sessions_app.querysets import WAITING, SessionQuerySet
from therapybridge.core.pages.lists import Choice, Listing


@dataclass(frozen=True, slots=True)
class Pill:
    """A word on a session, its look (a class of `pill--`) and its icon; `url` leads to where it is done."""

    label: str
    look: str
    icon: str
    url: str = ""


REVIEW, SPEAKER, SIGN = "To review", "Needs a speaker", "To sign"
RISK, EMPTY, RUNNING = "Possible risk", "No recording yet", "In progress"
# Filters of the list and their rows: first what somebody has to do, then what nobody has.
Narrow = Callable[[SessionQuerySet, User], SessionQuerySet]
ACTS: dict[str, tuple[str, Narrow]] = {
    "risk": (RISK, lambda rows, user: rows.at_risk()),
    "speakers": (SPEAKER, lambda rows, user: rows.filter(WAITING["speakers"])),
    "to_review": (REVIEW, lambda rows, user: rows.filter(WAITING["to_review"])),
    "to_sign": (SIGN, SessionQuerySet.to_sign),
    "failed": ("Failed", lambda rows, user: rows.filter(WAITING["failed"])),
    "empty": (EMPTY, lambda rows, user: rows.filter(WAITING["empty"])),
}
STATES: dict[str, tuple[str, Narrow]] = {
    "running": (RUNNING, lambda rows, user: rows.running()),
    "shared": ("Shared", lambda rows, user: rows.shared()),
    "kept_back": ("Not shared", lambda rows, user: rows.kept_back()),
}
SHOWN = ACTS | STATES
LABELS = {"": "All"} | {value: label for value, (label, _) in SHOWN.items()}
SHARING = {
    "shared": Pill("Shared", "ok", "check"),
    "declined": Pill("Not shared", "", "lock"),
    "withdrawn": Pill("Withdrawn", "", "lock"),
}


def list_context(user: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of sessions, with search and chips from the query string."""
    sessions = TherapySession.objects.visible_to(user)
    patient = patient_in(query, user)
    if patient:
        sessions = sessions.filter(patient=patient)
    page = _listing(user).page(sessions, query, reverse("sessions:list"))
    add_pills(page)
    return page.context() | {"is_oldest_first": query.get("status") in ACTS, "patient": patient, "tab": "sessions"}


def _listing(user: User) -> Listing:
    return Listing(
        order=("-session_date", "-id"),
        per_page=25,
        kept=("patient",),
        search=SessionQuerySet.named,
        choice=Choice(
            "status",
            LABELS,
            lambda rows, value: SHOWN[value][1](rows, user),
            # What has waited longest is done first.
            orders=dict.fromkeys(ACTS, ("session_date", "id")),
        ),
        details=lambda rows: rows.with_next_acts(user).select_related("patient"),
    )


def patient_in(query: Mapping[str, str], user: User) -> User | None:
    """The patient to whom a list is narrowed by `patient`; None for no id, and for one of somebody else's patient."""
    try:
        pk = UUID(query.get("patient", ""))
    except ValueError:
        return None
    people: QuerySet[User] = User.objects.patients_visible_to(user)
    return people.select_related("clinic", "profile").filter(pk=pk).first()


def add_pills(sessions: Iterable[Any]) -> None:
    """Give each of `with_next_acts` its `pills`."""
    for session in sessions:
        session.pills = list(_pills(session))


def _pills(session: Any) -> Sequence[Pill]:
    """What is to be done; without it, what the session is."""
    page = session.get_absolute_url()
    acts = []
    if session.risk_review:
        acts += [Pill(RISK, "danger", "alert", reverse("risk_reviews:detail", args=[session.risk_review]))]
    if session.status == TherapySession.Status.FAILED:
        acts += [Pill("Failed: retry" if session.error_retriable else "Failed: start over", "danger", "retry", page)]
    elif session.is_asking:
        acts += [Pill(session.job.chip, "warn", "alert", session.get_speakers_url())]
    elif session.is_running:
        acts += [Pill(session.job.chip, "info", "current")]
    elif session.sharing == "draft" and session.status == TherapySession.Status.PROCESSED:
        acts += [Pill(REVIEW, "warn", "text", session.get_summary_url())]
    elif session.status == TherapySession.Status.PENDING:
        acts += [Pill(EMPTY, "warn", "upload", page)]
    if session.note_to_sign:
        acts += [Pill(SIGN, "warn", "text", reverse("notes:detail", args=[session.note_to_sign]))]
    return acts or [SHARING.get(session.sharing, Pill(session.get_status_display(), "info", "clock"))]
