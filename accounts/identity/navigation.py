"""Where the pages about people's accounts are found."""

from accounts.models import User
from therapybridge.core.pages.navigation import ACCOUNT, MENU, Entry, declare

ADMIN = (User.Role.ADMIN,)
STAFF = (User.Role.THERAPIST, User.Role.ADMIN)

declare(
    Entry("Administration", "admin:index", 10, ADMIN, icon="sessions"),
    Entry("Invitations", "accounts:invitations", 20, ADMIN, icon="patients"),
    Entry("Your account", "accounts:account", 10, place=MENU),
    # An operator belongs to no clinic, and invites nobody.
    Entry("Invitations", "accounts:invitations", 20, STAFF, place=MENU, when=lambda user: bool(user.clinic_id)),
    Entry("Clinic administration", "admin:index", 50, place=MENU, when=lambda user: bool(user.is_staff)),
    Entry("Profile", "accounts:account", 10, place=ACCOUNT, covers=("accounts:account_",)),
)
