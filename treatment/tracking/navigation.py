"""The navigation entry for check-ins and questionnaires, and what stands on the page of a goal."""

from accounts.models import User
from therapybridge.core.pages.navigation import ACCOUNT, Entry, declare
from therapybridge.core.pages.slots import Filling, fill

COVERS = ("portal_check_ins:", "portal_measures:")
declare(Entry("Check-ins", "portal_check_ins:list", 27, (User.Role.PATIENT,), covers=COVERS))
declare(Entry("Reminders", "reminders:own", 15, (User.Role.PATIENT,), place=ACCOUNT))
fill(Filling("goal", "trackers:list", "What is tracked for this goal", (User.Role.THERAPIST,)))
