"""Steps of a sign-in that takes several requests: what was true at its start must be true at its end."""

from allauth.account.stages import LoginStage
from allauth.mfa.internal.flows.trust import create_config_fingerprint
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

Step = tuple[HttpResponse | None, bool]


class BeginStage(LoginStage):  # type: ignore[misc]
    """Remembers the password and the second factors under which the sign-in began."""

    key = "begin"

    def handle(self) -> Step:
        """Go on."""
        self.state["proofs"] = create_config_fingerprint(self.login.user)
        return None, True


class CompleteStage(LoginStage):  # type: ignore[misc]
    """The last one."""

    key = "complete"

    def handle(self) -> Step:
        """Back to the start, if the person was deactivated, or the password or a factor changed on the way."""
        user, begun = self.login.user, self.controller.get_stage(BeginStage.key)
        if user.is_active and constant_time_compare(begun.state.get("proofs", ""), create_config_fingerprint(user)):
            return None, True
        return redirect("account_login"), False
