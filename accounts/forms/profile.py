"""Forms about one's own account."""

from django import forms

from accounts.forms.joining import TimeZoneField, email_field, name_field


class ProfileForm(forms.Form):
    """Names and time zone."""

    first_name = name_field("First name", "given-name")
    last_name = name_field("Last name", "family-name", required=False)
    time_zone = TimeZoneField(empty="That of the clinic", label="Time zone", required=False)


class NewAddressForm(forms.Form):
    """The address to sign in with from now on."""

    email = email_field()
