"""Navigation entries for emergency access and its reviews."""

from accounts.models import User
from therapybridge.core.pages.navigation import MENU, Entry, declare

THERAPIST, ADMIN = User.Role.THERAPIST, User.Role.ADMIN

declare(
    Entry("Reviews", "accounts:emergency_reviews", 30, (ADMIN,), icon="alert", covers=("accounts:emergency_review",)),
    Entry("Emergency access", "accounts:emergency", 30, (THERAPIST,), place=MENU),
    Entry("Emergency reviews", "accounts:emergency_reviews", 40, (THERAPIST, ADMIN), place=MENU),
)
