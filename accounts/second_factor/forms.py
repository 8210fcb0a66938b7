"""Forms of second factors: allauth's, with our limits, our words, and no crash on a malformed passkey answer."""

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
from accounts.second_factor.services import factors

MAX_CODE = 20
MAX_NAME = 60
MAX_PASSKEY_ANSWER = 20_000
# What the parser of passkey answers raises for what no authenticator sends.
MALFORMED = (AttributeError, KeyError, IndexError, TypeError, ValueError, AssertionError)


def code_field(help_text: str) -> forms.CharField:
    """A short code, that a telephone offers to fill in."""
    attributes = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
    return forms.CharField(
        label="Code", max_length=MAX_CODE, help_text=help_text, widget=forms.TextInput(attrs=attributes)
    )


class _Code:
    """Checks a code under our limits, and says so when it is wrong."""

    user: User
    cleaned_data: dict[str, Any]
    reauthentication = False

    def clean_code(self) -> str:
        """The code, which does not work a second time."""
        code: str = self.cleaned_data["code"]
        try:
            self.authenticator = factors.use_code(self.user, code)
        except factors.InvalidCode:
            tell_failure(self.user, reauthentication=self.reauthentication)
            raise get_adapter().validation_error("incorrect_code") from None
        return code


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]
    """The code that completes a sign-in."""

    code = code_field("From your authenticator app, or one of your recovery codes.")


class ConfirmByCodeForm(_Code, ReauthenticateByCodeForm):  # type: ignore[misc]
    """The code that proves again who it is."""

    reauthentication = True
    code = code_field("From your authenticator app, or one of your recovery codes.")


class ConfirmByPasswordForm(ReauthenticateForm):  # type: ignore[misc]
    """The password that proves again who it is."""

    password = forms.CharField(
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class SetUpAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app; until then its secret waits, sealed, in the browser's session."""

    code = code_field("The six digits that your app shows now.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user: User = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = waiting_secret(self.user, fresh=not self.is_bound)

    def clean_code(self) -> str:
        """The code, which from now on was used."""
        code: str = super().clean_code()
        # The factor does not exist yet, and its first code must not work a second time.
        totp.TOTP(Authenticator(user=self.user, type=Authenticator.Type.TOTP))._mark_code_used(code)
        return code


def waiting_secret(owner: User, *, fresh: bool) -> str:
    """The secret that the page shows and the next request confirms."""
    session = context.request.session
    sealed = None if fresh else session.get(totp.SECRET_SESSION_KEY)
    if sealed:
        return factors.unseal(sealed, owner.pk)
    secret: str = totp.generate_totp_secret()
    session[totp.SECRET_SESSION_KEY] = factors.seal(secret, owner.pk)
    return secret


class PasskeyAnswerField(forms.JSONField):
    """What a passkey says, of bounded length; refused like any other nonsense where the parser gives up."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        """The values; nesting without end and numbers without end are no answers."""
        if isinstance(value, str) and len(value) > MAX_PASSKEY_ANSWER:
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):
            raise get_adapter().validation_error("incorrect_code") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Nothing: an answer is good once, and is not sent back."""
        return forms.fields.InvalidJSONInput("")


class _Passkey(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """Checks a passkey's response under our limits; whatever is wrong with it is refused in the same words."""

    credential = PasskeyAnswerField()

    def clean_credential(self) -> Authenticator:
        """The passkey that answered."""
        factors.check_limits(self.user)
        try:
            return super().clean_credential()
        except (*MALFORMED, forms.ValidationError):
            factors.count_failure(self.user)
            tell_failure(self.user, reauthentication=self.reauthenticated)
            raise get_adapter().validation_error("incorrect_code") from None


class PasskeyForm(_Passkey):
    """The passkey that completes a sign-in."""


class ConfirmByPasskeyForm(_Passkey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """The passkey that proves again who it is."""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and its name."""

    credential = PasskeyAnswerField()
    name = forms.CharField(max_length=MAX_NAME, required=False, help_text="So that you can tell your passkeys apart.")

    def clean(self) -> dict[str, Any]:
        """The same refusal for whatever is wrong with the answer."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None
        return cleaned


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(max_length=MAX_NAME)


def tell_failure(user: User, *, reauthentication: bool) -> None:
    """Send allauth's signal, which the trail listens to."""
    signals.authentication_failed.send(
        sender=Authenticator,
        request=context.request,
        user=user,
        authenticator=None,
        reauthentication=reauthentication,
    )
