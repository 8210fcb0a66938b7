"""Forms of signing in, passwords and devices."""

from django import forms

from accounts.identity.forms import email_field, new_password_field


class PasswordForm(forms.Form):
    """The password, once more."""

    password = forms.CharField(
        label="Your password",
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgotForm(forms.Form):
    """Which account."""

    email = email_field("username")


class ResetForm(forms.Form):
    """The new password."""

    password = new_password_field("New password")


class ChangePasswordForm(forms.Form):
    """The current password, and the new one."""

    current_password = forms.CharField(
        label="Current password",
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = new_password_field("New password")


class SignInForm(forms.Form):
    """E-mail and password."""

    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        max_length=1024, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
