"""Navigation entry for patients' privacy pages, and what of their requests waits on Today."""

from accounts.models import User
from accounts.rights.contexts import waiting_requests
from therapybridge.core.pages.navigation import Entry, declare
from therapybridge.core.pages.waiting import declare_waiting

declare(Entry("Your privacy", "accounts:portal_access", 30, (User.Role.PATIENT,)))
declare_waiting(waiting_requests)
