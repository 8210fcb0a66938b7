"""Navigation entry for patients' privacy pages."""

from accounts.models import User
from therapybridge.core.pages.navigation import Entry, declare

declare(Entry("Your privacy", "accounts:portal_access", 30, (User.Role.PATIENT,)))
