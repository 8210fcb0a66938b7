"""Stages of a multi-request sign-in: password and factors at its end must be those of its start."""

from allauth.account.stages import LoginStage
from allauth.mfa.internal.flows.trust import create_config_fingerprint
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from accounts.authentication.services.trust import is_trusted
from accounts.second_factor.services import factors

Step = tuple[HttpResponse | None, bool]


class BeginStage(LoginStage):  # type: ignore[misc]
    """Remembers the password and the second factors under which the sign-in began."""

    key = "begin"

    def handle(self) -> Step:
        """Store the state and continue."""
        self.state["proofs"] = create_config_fingerprint(self.login.user)
        return None, True


class FactorStage(AuthenticateStage):  # type: ignore[misc]
    """Asks for a factor, also in a browser whose trust was ended by signing out a device."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        return super()._should_handle(request) or (factors.is_set_up(user) and not is_trusted(request, user))


class CompleteStage(LoginStage):  # type: ignore[misc]
    """The last stage."""

    key = "complete"

    def handle(self) -> Step:
        """Restart the sign-in if the person was deactivated, or the password or a factor changed on the way."""
        user, begun = self.login.user, self.controller.get_stage(BeginStage.key)
        if user.is_active and constant_time_compare(begun.state.get("proofs", ""), create_config_fingerprint(user)):
            return None, True
        return redirect("account_login"), False
