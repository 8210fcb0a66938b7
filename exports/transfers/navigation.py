"""Navigation entry of taking over data."""

from accounts.models import User
from therapybridge.core.pages.navigation import MENU, Entry, declare

declare(
    Entry(
        *("Take over data", "transfers:new", 19, (User.Role.THERAPIST,)),
        place=MENU,
        covers=("transfers:", "imports:"),
    ),
)
