"""Forms about the browsers and devices that a person is signed in with."""

from django import forms


class PasswordForm(forms.Form):
    """The password, once more."""

    password = forms.CharField(
        label="Your password",
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
