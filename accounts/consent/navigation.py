"""Where patients find what they agreed to."""

from accounts.models import User
from therapybridge.core.pages.navigation import Entry, declare

declare(Entry("Consents", "accounts:consent_own", 40, (User.Role.PATIENT,)))
