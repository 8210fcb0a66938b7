"""Forms of joining and of the profile; they check the form of values, services the rules."""

from typing import Any

from django import forms

from accounts.identity.models import time_zones, validate_time_zone
from accounts.models import User

NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})
WHAT_IS_GOOD = "At least 12 characters; a few words in a row are a good password."


def zone_choices(empty: str) -> list[tuple[str, str]]:
    """Every zone that may be chosen; `empty` says what no choice means."""
    return [("", empty), *((name, name.replace("_", " ")) for name in sorted(time_zones()))]


class TimeZoneField(forms.ChoiceField):
    """A zone from the list."""

    def __init__(self, *, empty: str, **kwargs: Any) -> None:
        super().__init__(choices=lambda: zone_choices(empty), validators=[self.check], **kwargs)

    def check(self, name: str) -> None:
        """The list is the rule; nothing is allowed where the field is optional."""
        if name:
            validate_time_zone(name)


def name_field(label: str, autocomplete: str, **options: Any) -> forms.CharField:
    """A person's name as browsers fill it in."""
    return forms.CharField(
        label=label, max_length=100, widget=forms.TextInput(attrs={"autocomplete": autocomplete}), **options
    )


def new_password_field(label: str = "Password") -> forms.CharField:
    """A password to set; what makes a good one is judged later."""
    return forms.CharField(label=label, max_length=1024, strip=False, widget=NEW_PASSWORD, help_text=WHAT_IS_GOOD)


def email_field(autocomplete: str = "email", **options: Any) -> forms.EmailField:
    """An address."""
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete})
    return forms.EmailField(label="E-mail", max_length=254, widget=widget, **options)


class SignUpForm(forms.Form):
    """A therapist and the clinic."""

    first_name = name_field("First name", "given-name")
    last_name = name_field("Last name", "family-name", required=False)
    clinic_name = forms.CharField(
        label="Name of your practice",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text="Your patients see it.",
    )
    time_zone = TimeZoneField(empty="Choose where you work", label="Time zone")
    email = email_field("username")
    password = new_password_field()


class PatientAcceptForm(forms.Form):
    """A patient who is known already chooses a password."""

    password = new_password_field()


class ColleagueAcceptForm(forms.Form):
    """A colleague says who they are."""

    first_name = name_field("First name", "given-name")
    last_name = name_field("Last name", "family-name", required=False)
    time_zone = TimeZoneField(empty="That of the clinic", label="Time zone", required=False)
    password = new_password_field()


class InvitePatientForm(forms.Form):
    """Where the patient's invitation goes."""

    email = email_field("off")


class InviteColleagueForm(forms.Form):
    """Who is to join the clinic, and as what."""

    email = email_field("off")
    role = forms.ChoiceField(
        choices=[(User.Role.THERAPIST, "Therapist"), (User.Role.ADMIN, "Administrator")],
        widget=forms.RadioSelect,
        initial=User.Role.THERAPIST,
    )

    def __init__(self, *args: Any, may_invite_admins: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_invite_admins:
            del self.fields["role"]

    def clean(self) -> dict[str, Any]:
        """Who is not asked for a role invites a therapist."""
        return {"role": User.Role.THERAPIST} | (super().clean() or {})


class ProfileForm(forms.Form):
    """Names and time zone."""

    first_name = name_field("First name", "given-name")
    last_name = name_field("Last name", "family-name", required=False)
    time_zone = TimeZoneField(empty="That of the clinic", label="Time zone", required=False)


class NewAddressForm(forms.Form):
    """The address to sign in with from now on."""

    email = email_field()
