"""Navigation entries for passwords and devices."""

from therapybridge.core.pages.navigation import ACCOUNT, Entry, declare

declare(
    Entry("Password", "accounts:password_change", 20, place=ACCOUNT),
    Entry("Devices", "accounts:devices", 40, place=ACCOUNT),
)
