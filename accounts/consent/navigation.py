"""Navigation entry for patients' consents."""

from accounts.models import User
from therapybridge.core.pages.navigation import Entry, declare

declare(Entry("Consents", "accounts:consent_own", 40, (User.Role.PATIENT,)))
