"""Forms for signing in, passwords and devices."""

from django import forms

from accounts.identity.forms import email_field, new_password_field
from therapybridge.core.pages.forms import AddressField


class PasswordForm(forms.Form):
    """Confirms an action with the password."""

    password = forms.CharField(
        label="Your password",
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgotForm(forms.Form):
    """Asks for a password reset link."""

    email = email_field("username")


class ResetForm(forms.Form):
    """Sets a new password after a reset."""

    password = new_password_field("New password")


class ChangePasswordForm(forms.Form):
    """Changes the password, given the current one."""

    current_password = forms.CharField(
        label="Current password",
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = new_password_field("New password")


class SignInForm(forms.Form):
    """Signs a person in with e-mail and password."""

    email = AddressField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        max_length=1024, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
