"""Forms about passwords."""

from django import forms

from accounts.forms.joining import email_field, new_password_field


class ForgotForm(forms.Form):
    """Which account."""

    email = email_field("username")


class ResetForm(forms.Form):
    """The new password."""

    password = new_password_field("New password")


class ChangePasswordForm(forms.Form):
    """The present password, and the one to come."""

    current_password = forms.CharField(
        label="Present password",
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = new_password_field("New password")
