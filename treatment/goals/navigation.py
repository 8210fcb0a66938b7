"""Navigation entry of the library."""

from accounts.models import User
from therapybridge.core.pages.navigation import MENU, Entry, declare

declare(
    Entry(*("Interventions", "interventions:list", 16, (User.Role.THERAPIST,)), place=MENU, covers=("interventions:",)),
)
