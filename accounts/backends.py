"""Sign-in by e-mail and password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.models import User


class EmailBackend(ModelBackend):
    """Django's backend, with the clinic fetched beside the user: every page asks for its time zone."""

    def get_user(self, user_id: Any) -> User | None:
        """The user of a browser session, None once deactivated."""
        user = User.objects.select_related("clinic").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
