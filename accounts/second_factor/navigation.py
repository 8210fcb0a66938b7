"""Navigation entry for second factors."""

from therapybridge.core.pages.navigation import ACCOUNT, Entry, declare

declare(Entry("Two-step sign-in", "mfa_index", 30, place=ACCOUNT, covers=("mfa_",)))
