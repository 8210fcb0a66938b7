"""Navigation entries for session pages."""

from accounts.models import User
from sessions_app.models import RiskReview, SessionNote, TherapySession
from therapybridge.core.pages.navigation import ACCOUNT, MENU, Entry, declare

THERAPIST, PATIENT, ADMIN = (User.Role.THERAPIST,), (User.Role.PATIENT,), (User.Role.ADMIN,)


declare(
    Entry("Today", "today", 10, THERAPIST, icon="today"),
    Entry(
        *("Sessions", "sessions:list", 30, THERAPIST),
        icon="sessions",
        covers=("sessions:",),
        waiting=TherapySession.objects.waiting_for,
    ),
    Entry(
        *("Notes", "notes:list", 35, THERAPIST),
        icon="text",
        covers=("notes:", "amendments:"),
        waiting=SessionNote.objects.waiting_for,
        counted="to sign",
    ),
    Entry(
        *("Risk reviews", "risk_reviews:list", 36, THERAPIST),
        icon="alert",
        covers=("risk_reviews:",),
        short="Risk",
        waiting=RiskReview.objects.waiting_for,
    ),
    Entry("Templates", "templates:list", 37, THERAPIST, icon="template", covers=("templates:",), is_on_phones=False),
    Entry("Text snippets", "snippets:list", 15, THERAPIST, place=MENU),
    Entry("Language model", "engine", 30, ADMIN, icon="text"),
    Entry("Drafts", "drafting_style", 15, THERAPIST, place=ACCOUNT),
    Entry("Notes", "portal_notes:list", 25, PATIENT, covers=("portal_notes:", "amendments:")),
)
