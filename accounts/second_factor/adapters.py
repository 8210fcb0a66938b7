"""Where django-allauth asks us: the steps of a sign-in, when to ask again, how secrets are kept, what is sent."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from accounts.access import is_stepped_up
from accounts.authentication.audit_actions import USER_SIGNED_IN, USER_STEPPED_UP
from accounts.authentication.services import auth_sessions
from accounts.authentication.services.sign_in import is_own_password
from accounts.authentication.services.tokens import InvalidCredentials
from accounts.mail.services import queue_email
from accounts.models import User
from accounts.second_factor.services import factors
from audit import log
from therapybridge.core import links
from therapybridge.core.actor import actor_of

IF_NOT_YOU = "If this was not you, sign in, check your second factors and change your password."
# Kind, subject and first line of the e-mail, by allauth's name for it.
EMAILS = {
    "mfa/email/totp_activated": (
        "second_factor_added",
        "An authenticator app was added to your account",
        "Signing in now asks for a code from your authenticator app.",
    ),
    "mfa/email/totp_deactivated": (
        "second_factor_removed",
        "The authenticator app was removed from your account",
        "Signing in no longer asks for a code from your authenticator app.",
    ),
    "mfa/email/webauthn_added": (
        "second_factor_added",
        "A passkey was added to your account",
        "You can confirm a sign-in with this passkey from now on.",
    ),
    "mfa/email/webauthn_removed": (
        "second_factor_removed",
        "A passkey was removed from your account",
        "This passkey can no longer confirm a sign-in.",
    ),
    "mfa/email/recovery_codes_generated": (
        "recovery_codes_generated",
        "You have new recovery codes",
        "New recovery codes were made for your account. The earlier ones no longer work.",
    ),
}
MESSAGES = {
    "mfa/messages/totp_activated.txt": "Your authenticator app is set up.",
    "mfa/messages/totp_deactivated.txt": "The authenticator app was removed.",
    "mfa/messages/webauthn_added.txt": "The passkey was added.",
    "mfa/messages/webauthn_removed.txt": "The passkey was removed.",
    "mfa/messages/recovery_codes_generated.txt": "Save your new recovery codes now: they are shown only once.",
}


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": "This password is not right.",
    }

    def get_login_stages(self) -> list[str]:
        """The second factor, then whether to trust the browser, between two of ours."""
        return [
            "accounts.second_factor.stages.BeginStage",
            "allauth.mfa.stages.AuthenticateStage",
            "allauth.mfa.stages.TrustStage",
            "accounts.second_factor.stages.CompleteStage",
        ]

    def login(self, request: HttpRequest, user: User) -> None:
        """All steps are done: only now is the person signed in, and on record."""
        with transaction.atomic():
            super().login(request, user)
            log.record(USER_SIGNED_IN, user, by=actor_of(request))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether it is the person's password, under the limits of the sign-in page."""
        by = actor_of(context.request)
        if is_own_password(password, by=by):
            return True
        log.deny(USER_STEPPED_UP, InvalidCredentials.code, by=by, target=user)
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Our own record of proofs decides, the same for pages and API."""
        return not is_stepped_up(actor_of(context.request))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove it again, in our words."""
        labels = {
            "reauthenticate": "Use your password",
            "mfa_reauthenticate": "Use a code",
            "mfa_reauthenticate:webauthn": "Use a passkey",
        }
        return [{**way, "description": labels[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never through allauth's own pages: ours make the clinic, too."""
        return False

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Queue our own text; a template that has none is a KeyError, never a text that we did not write."""
        kind, subject, line = EMAILS[template_prefix]
        button = ("Check your second factors", links.absolute(reverse("mfa_index")))
        with transaction.atomic():
            queue_email(kind, user.email, subject, [line, IF_NOT_YOU], button=button, clinic=user.clinic)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is sent in allauth's own words."""
        raise LookupError(f"There is no e-mail {template_prefix!r}.")

    def add_message(  # noqa: PLR0917 (as allauth calls it)
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """A plain sentence of ours for allauth's template; what has none is not shown."""
        if sentence := message or MESSAGES.get(message_template or ""):
            messages.add_message(request, level, sentence, extra_tags=extra_tags)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Your role needs a second factor. Add another one before you remove this one.",
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first.",
        "incorrect_code": "This is not right, or was used before. Try again with a new one.",
    }

    def encrypt(self, text: str) -> str:
        """Sealed for the person it belongs to."""
        return factors.seal(text, _owner())

    def decrypt(self, encrypted_text: str) -> str:
        """Opens for that person only."""
        return factors.unseal(encrypted_text, _owner())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        owner: User = authenticator.user
        return not (auth_sessions.needs_second_factor(owner) and factors.is_last(authenticator))

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What a new passkey is called until its owner says otherwise."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site as a passkey dialogue shows it."""
        return {**super().get_public_key_credential_rp_entity(), "name": "TherapyBridge"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The person as a passkey dialogue shows them on their own device."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.full_name}

    def _get_site_name(self) -> str:
        return "TherapyBridge"


def _owner() -> UUID:
    owner: UUID | None = factors.named_owner() or context.request.user.pk
    if owner is None:
        raise LookupError("Nobody is signed in: whose secret is this? Use secrets_of().")
    return owner
