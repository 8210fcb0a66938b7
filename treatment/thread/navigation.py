"""What stands beside notes and on Today."""

from accounts.models import User
from therapybridge.core.pages.slots import Filling, fill

THERAPIST = (User.Role.THERAPIST,)

fill(
    Filling("note", "thread:note_goals", "Goals that this note serves", THERAPIST),
    Filling("today", "thread:gaps", "What needs attention in treatment plans", THERAPIST),
)
