"""Where django-allauth asks us: which steps a sign-in has, when to ask again, how second-factor secrets are kept."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from accounts.access import is_stepped_up


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts."""

    def get_login_stages(self) -> list[str]:
        """The second factor, then whether to trust the browser."""
        return ["allauth.mfa.stages.AuthenticateStage", "allauth.mfa.stages.TrustStage"]

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Our own record of proofs decides, for every door the same."""
        return not is_stepped_up(context.request)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never through allauth's own pages: ours make the clinic, too."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""
