"""Navigation entries for treatment plans, and what of them waits on Today."""

from accounts.models import User
from therapybridge.core.pages.navigation import Entry, declare
from therapybridge.core.pages.waiting import declare_waiting
from treatment.plans.contexts import waiting_reviews

declare(
    Entry("Plans", "plans:all", 38, (User.Role.THERAPIST,), icon="kind-goal", is_on_phones=False),
    Entry("Our plan", "portal_plans:list", 22, (User.Role.PATIENT,), covers=("portal_plans:",)),
)
declare_waiting(waiting_reviews)
