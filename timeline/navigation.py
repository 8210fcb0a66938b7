"""Navigation entries for patient pages and the patient portal."""

from accounts.models import User
from therapybridge.core.pages.navigation import Entry, declare

OF_A_PATIENT = (
    "patients:",
    "private_notes:",
    "action_items:",
    "measures:",
    "goals:",
    "thread:note_goals",
    "plans:",
    "reports:",
    "trackers:",
    "accounts:patient_",
    "accounts:consent",
    "accounts:access",
    "accounts:disclosures",
)

declare(
    Entry("Patients", "patients:list", 20, (User.Role.THERAPIST,), icon="patients", covers=OF_A_PATIENT),
    Entry("Home", "portal:home", 10, (User.Role.PATIENT,), covers=("portal_summaries:", "portal_agreed:")),
    Entry("Timeline", "portal:timeline", 20, (User.Role.PATIENT,)),
)
