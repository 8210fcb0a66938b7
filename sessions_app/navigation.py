"""Navigation entries for session pages."""

from accounts.models import User
from sessions_app.models import RiskReview, SessionNote, TherapySession
from therapybridge.core.pages.navigation import ACCOUNT, MENU, Entry, declare, up_to_most

THERAPIST, PATIENT, ADMIN = (User.Role.THERAPIST,), (User.Role.PATIENT,), (User.Role.ADMIN,)


def _sessions_waiting(user: User) -> str:
    return up_to_most(TherapySession.objects.waiting_for(user))


def _notes_waiting(user: User) -> str:
    return up_to_most(SessionNote.objects.waiting_for(user))


def _reviews_waiting(user: User) -> str:
    return up_to_most(RiskReview.objects.waiting_for(user))


declare(
    Entry("Today", "today", 10, THERAPIST, icon="today"),
    Entry(
        *("Sessions", "sessions:list", 30, THERAPIST),
        icon="sessions",
        covers=("sessions:",),
        count=_sessions_waiting,
    ),
    Entry(
        *("Notes", "notes:list", 35, THERAPIST),
        icon="text",
        covers=("notes:", "amendments:"),
        count=_notes_waiting,
        counted="to sign",
    ),
    Entry(
        *("Risk reviews", "risk_reviews:list", 36, THERAPIST),
        icon="alert",
        covers=("risk_reviews:",),
        short="Risk",
        count=_reviews_waiting,
    ),
    Entry("Templates", "templates:list", 37, THERAPIST, icon="template", covers=("templates:",), is_on_phones=False),
    Entry("Text snippets", "snippets:list", 15, THERAPIST, place=MENU),
    Entry("Language model", "engine", 30, ADMIN, icon="text"),
    Entry("Drafts", "drafting_style", 15, THERAPIST, place=ACCOUNT),
    Entry("Notes", "portal_notes:list", 25, PATIENT, covers=("portal_notes:", "amendments:")),
)
