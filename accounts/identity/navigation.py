"""Navigation entries for account pages."""

from accounts.models import User
from therapybridge.core.pages.navigation import ACCOUNT, MENU, Entry, declare

ADMIN = (User.Role.ADMIN,)
STAFF = (User.Role.THERAPIST, User.Role.ADMIN)

declare(
    Entry("Administration", "admin:index", 10, ADMIN, icon="sessions"),
    Entry("Invitations", "accounts:invitations", 20, ADMIN, icon="patients"),
    Entry("Your account", "accounts:account", 10, place=MENU),
    # Operators belong to no clinic and invite nobody.
    Entry("Invitations", "accounts:invitations", 20, STAFF, place=MENU, when=lambda user: bool(user.clinic_id)),
    Entry("Clinic administration", "admin:index", 50, place=MENU, when=lambda user: bool(user.is_staff)),
    Entry("Profile", "accounts:account", 10, place=ACCOUNT, covers=("accounts:account_",)),
)
