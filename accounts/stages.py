"""Steps of a sign-in that takes several requests: what was true at its start must be true at its end."""

from allauth.account.stages import LoginStage
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from accounts.tokens import password_mark

Step = tuple[HttpResponse | None, bool]


class BeginStage(LoginStage):  # type: ignore[misc]
    """Remembers the password that opened the sign-in."""

    key = "begin"

    def handle(self) -> Step:
        """Go on."""
        self.state["password"] = password_mark(self.login.user)
        return None, True


class CompleteStage(LoginStage):  # type: ignore[misc]
    """The last one."""

    key = "complete"

    def handle(self) -> Step:
        """Back to the start, if the person was deactivated or the password changed on the way."""
        user, begun = self.login.user, self.controller.get_stage(BeginStage.key)
        if user.is_active and constant_time_compare(begun.state.get("password", ""), password_mark(user)):
            return None, True
        return redirect("account_login"), False
