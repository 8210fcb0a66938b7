"""allauth's second-factor forms with our rate limits and messages, and without crashes on malformed passkeys."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

from accounts.models import User
from accounts.second_factor.serializers import MAX_CODE
from accounts.second_factor.services import factors
from therapybridge.core.pages.forms import TidyField

MAX_NAME = 60
MAX_PASSKEY_ANSWER = 20_000
# What the passkey parser raises for malformed input.
MALFORMED = (AttributeError, KeyError, IndexError, TypeError, ValueError, AssertionError)


def code_field(help_text: str) -> forms.CharField:
    """A field for a short code, with autofill on phones."""
    attributes = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
    return forms.CharField(
        label="Code", max_length=MAX_CODE, help_text=help_text, widget=forms.TextInput(attrs=attributes)
    )


class _Code:
    """Checks a code under our rate limits, and reports failures."""

    user: User
    cleaned_data: dict[str, Any]
    reauthentication = False

    def clean_code(self) -> str:
        """Check and consume the code."""
        code: str = self.cleaned_data["code"]
        try:
            self.authenticator = factors.use_code(self.user, code)
        except factors.InvalidCode:
            tell_failure(self.user, reauthentication=self.reauthentication)
            raise get_adapter().validation_error("incorrect_code") from None
        return code


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]
    """Completes a sign-in with a code."""

    code = code_field("From your authenticator app, or one of your recovery codes.")


class ConfirmByCodeForm(_Code, ReauthenticateByCodeForm):  # type: ignore[misc]
    """Confirms identity with a code."""

    reauthentication = True
    code = code_field("From your authenticator app, or one of your recovery codes.")


class ConfirmByPasswordForm(ReauthenticateForm):  # type: ignore[misc]
    """Confirms identity with the password."""

    password = forms.CharField(
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class SetUpAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """Sets up an authenticator app with its first code; until then the secret is kept, encrypted, in the session."""

    code = code_field("The six digits that your app shows now.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user: User = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = waiting_secret(self.user, fresh=not self.is_bound)

    def clean_code(self) -> str:
        """Check the code and mark it as used."""
        code: str = super().clean_code()
        # The factor does not exist yet, but its first code must not work a second time.
        totp.TOTP(Authenticator(user=self.user, type=Authenticator.Type.TOTP))._mark_code_used(code)
        return code


def waiting_secret(owner: User, *, fresh: bool) -> str:
    """The pending secret, which the page shows and the next request confirms."""
    session = context.request.session
    sealed = None if fresh else session.get(totp.SECRET_SESSION_KEY)
    if sealed:
        return factors.unseal(sealed, owner.pk)
    secret: str = totp.generate_totp_secret()
    session[totp.SECRET_SESSION_KEY] = factors.seal(secret, owner.pk)
    return secret


class PasskeyAnswerField(forms.JSONField):
    """A passkey's response: bounded in length, and invalid input if the parser fails."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        """Parse the JSON; overlong numbers and deep nesting are invalid."""
        if isinstance(value, str) and len(value) > MAX_PASSKEY_ANSWER:
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):
            raise get_adapter().validation_error("incorrect_code") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Nothing: a response works only once, so it is not rendered again."""
        return forms.fields.InvalidJSONInput("")


class _Passkey(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """Checks a passkey's response under our rate limits, with one message for every failure."""

    credential = PasskeyAnswerField()

    def clean_credential(self) -> Authenticator:
        """Verify the passkey's response."""
        factors.check_limits(self.user)
        try:
            return super().clean_credential()
        except (*MALFORMED, forms.ValidationError):
            factors.count_failure(self.user)
            tell_failure(self.user, reauthentication=self.reauthenticated)
            raise get_adapter().validation_error("incorrect_code") from None


class PasskeyForm(_Passkey):
    """Completes a sign-in with a passkey."""


class ConfirmByPasskeyForm(_Passkey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Confirms identity with a passkey."""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Adds a passkey with a name."""

    credential = PasskeyAnswerField()
    name = TidyField(max_length=MAX_NAME, required=False, help_text="This helps you tell your passkeys apart.")

    def clean(self) -> dict[str, Any]:
        """One message for everything that can be wrong with the response."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None
        return cleaned


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """Renames a passkey."""

    name = TidyField(max_length=MAX_NAME)


def tell_failure(user: User, *, reauthentication: bool) -> None:
    """Send allauth's signal, which our audit receivers handle."""
    signals.authentication_failed.send(
        sender=Authenticator,
        request=context.request,
        user=user,
        authenticator=None,
        reauthentication=reauthentication,
    )
