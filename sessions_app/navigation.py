"""Navigation entries for session pages."""

from accounts.models import User
from therapybridge.core.pages.navigation import Entry, declare

THERAPIST = (User.Role.THERAPIST,)

declare(
    Entry("Today", "today", 10, THERAPIST, icon="today"),
    Entry("Sessions", "sessions:list", 30, THERAPIST, icon="sessions", covers=("sessions:",)),
    Entry("New session", "sessions:new", 40, THERAPIST, icon="plus"),
)
