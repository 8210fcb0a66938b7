"""django-allauth adapters: sign-in stages, step-up, encryption of secrets, and our own e-mails."""

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

IF_NOT_YOU = "If this wasn't you, sign in, check your second factors and change your password."
# Kind, subject and first line of each e-mail, by allauth's template name.
EMAILS = {
    "mfa/email/totp_activated": (
        "second_factor_added",
        "An authenticator app was added to your account",
        "You will now be asked for a code from your authenticator app when you sign in.",
    ),
    "mfa/email/totp_deactivated": (
        "second_factor_removed",
        "The authenticator app was removed from your account",
        "You will no longer be asked for a code from your authenticator app when you sign in.",
    ),
    "mfa/email/webauthn_added": (
        "second_factor_added",
        "A passkey was added to your account",
        "You can now use this passkey when you sign in.",
    ),
    "mfa/email/webauthn_removed": (
        "second_factor_removed",
        "A passkey was removed from your account",
        "This passkey no longer works for signing in.",
    ),
    "mfa/email/recovery_codes_generated": (
        "recovery_codes_generated",
        "You have new recovery codes",
        "New recovery codes were created for your account. The earlier ones no longer work.",
    ),
}
MESSAGES = {
    "mfa/messages/totp_activated.txt": "Your authenticator app has been set up.",
    "mfa/messages/totp_deactivated.txt": "Your authenticator app has been removed.",
    "mfa/messages/webauthn_added.txt": "The passkey has been added.",
    "mfa/messages/webauthn_removed.txt": "The passkey has been removed.",
    "mfa/messages/recovery_codes_generated.txt": "Save your new recovery codes now: they are shown only once.",
}


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in and step-up in allauth, under our rules."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": "This password is incorrect.",
    }

    def get_login_stages(self) -> list[str]:
        """allauth's second-factor and trust stages, between two stages of ours."""
        return [
            "accounts.second_factor.stages.BeginStage",
            "accounts.second_factor.stages.FactorStage",
            "allauth.mfa.stages.TrustStage",
            "accounts.second_factor.stages.CompleteStage",
        ]

    def login(self, request: HttpRequest, user: User) -> None:
        """Called after the last stage: only now is the person signed in, and the sign-in audited."""
        with transaction.atomic():
            super().login(request, user)
            log.record(USER_SIGNED_IN, user, by=actor_of(request))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Check the password; the rate limits of the sign-in page apply."""
        by = actor_of(context.request)
        if is_own_password(password, by=by):
            return True
        log.deny(USER_STEPPED_UP, InvalidCredentials.code, by=by, target=user)
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Decided by our AuthSession, the same for pages and API."""
        return not is_stepped_up(actor_of(context.request))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The alternatives for confirming identity, with our labels."""
        labels = {
            "reauthenticate": "Use your password",
            "mfa_reauthenticate": "Use a code",
            "mfa_reauthenticate:webauthn": "Use a passkey",
        }
        ways = [{**way, "description": labels[way["id"]]} for way in super().get_reauthentication_methods(user)]
        if not context.request.resolver_match.view_name.startswith("mfa_reauthenticate"):
            return ways
        # Where a factor was asked for, a password would only lead back there.
        return [way for way in ways if way["id"] != "reauthenticate"] or ways

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never through allauth's own pages: ours also create the clinic."""
        return False

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Queue our own text; an unknown template is a KeyError, so that allauth's text is never sent."""
        kind, subject, line = EMAILS[template_prefix]
        button = ("Check your second factors", links.absolute(reverse("mfa_index")))
        with transaction.atomic():
            queue_email(kind, user.email, subject, [line, IF_NOT_YOU], button=button, clinic=user.clinic)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Refuse: allauth's own e-mails are never sent."""
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
        """Show our own message for an allauth template; others are not shown."""
        if sentence := message or MESSAGES.get(message_template or ""):
            messages.add_message(request, level, sentence, extra_tags=extra_tags)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors in allauth, under our rules."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Your role needs a second factor. Add another one before you remove this one.",
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first.",
        "incorrect_code": "This code is wrong or was used before. Try again with a new one.",
    }

    def encrypt(self, text: str) -> str:
        """Encrypt for the person it belongs to."""
        return factors.seal(text, _owner())

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt; it works only for that person."""
        return factors.unseal(encrypted_text, _owner())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of a person who must have one."""
        owner: User = authenticator.user
        return not (auth_sessions.needs_second_factor(owner) and factors.is_last(authenticator))

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """The default name of a new passkey."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site, as shown in the passkey dialogue."""
        return {**super().get_public_key_credential_rp_entity(), "name": "TherapyBridge"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The person, as shown in the passkey dialogue on their own device."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.full_name}

    def _get_site_name(self) -> str:
        return "TherapyBridge"


def _owner() -> UUID:
    owner: UUID | None = factors.named_owner() or context.request.user.pk
    if owner is None:
        raise LookupError("Nobody is signed in: whose secret is this? Use secrets_of().")
    return owner
