"""Forms for signing up, invitations and the profile; they validate format, services enforce the rules."""

from typing import Any

from django import forms

from accounts.identity.choices import STAFF_ROLES
from accounts.identity.models import time_zones, validate_time_zone
from accounts.models import User
from therapybridge.core.pages.forms import AddressField, TidyField
from therapybridge.core.text import validate_no_link

NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})
WHAT_IS_GOOD = "At least 12 characters; a few words in a row are a good password."


def zone_choices(empty: str) -> list[tuple[str, str]]:
    """All time zones; `empty` is the label for no choice."""
    return [("", empty), *((name, name.replace("_", " ")) for name in sorted(time_zones()))]


class TimeZoneField(forms.ChoiceField):
    """Chooses a time zone."""

    def __init__(self, *, empty: str, **kwargs: Any) -> None:
        super().__init__(choices=lambda: zone_choices(empty), validators=[self.check], **kwargs)

    def check(self, name: str) -> None:
        """Accept only listed zones, or nothing if the field is optional."""
        if name:
            validate_time_zone(name)


def name_field(label: str, autocomplete: str, **options: Any) -> TidyField:
    """A field for part of a person's name, with autofill."""
    return TidyField(
        label=label, max_length=100, widget=forms.TextInput(attrs={"autocomplete": autocomplete}), **options
    )


def new_password_field(label: str = "Password") -> forms.CharField:
    """A field for a new password; a service checks its quality."""
    return forms.CharField(label=label, max_length=1024, strip=False, widget=NEW_PASSWORD, help_text=WHAT_IS_GOOD)


def clinic_name_field(**options: Any) -> TidyField:
    """A field for the name of a practice, which stands in its e-mails."""
    widget = forms.TextInput(attrs={"autocomplete": "organization"})
    return TidyField(
        label="Name of your practice", max_length=200, widget=widget, validators=[validate_no_link], **options
    )


def email_field(autocomplete: str = "email", **options: Any) -> AddressField:
    """A field for an e-mail address."""
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete})
    return AddressField(label="E-mail", max_length=254, widget=widget, **options)


class SignUpForm(forms.Form):
    """Signs up a therapist with their clinic."""

    first_name = name_field("First name", "given-name")
    last_name = name_field("Last name", "family-name", required=False)
    clinic_name = clinic_name_field(help_text="Your patients will see it.")
    time_zone = TimeZoneField(empty="Choose where you work", label="Time zone")
    email = email_field("username")
    password = new_password_field()


class FirstClinicForm(forms.Form):
    """What the operator says of a practice and of its first person."""

    clinic_name = clinic_name_field()
    time_zone = TimeZoneField(empty="")
    email = email_field()
    role = forms.ChoiceField(choices=[(role.value, role.label) for role in STAFF_ROLES])


class PatientAcceptForm(forms.Form):
    """A patient, whose name is already known, chooses a password."""

    password = new_password_field()


class ColleagueAcceptForm(forms.Form):
    """A colleague enters their name and chooses a password."""

    first_name = name_field("First name", "given-name")
    last_name = name_field("Last name", "family-name", required=False)
    time_zone = TimeZoneField(empty="Same as the clinic", label="Time zone", required=False)
    password = new_password_field()


class InvitePatientForm(forms.Form):
    """Asks for the address of a patient's invitation."""

    email = email_field("off")


class InviteColleagueForm(forms.Form):
    """Invites a colleague to the clinic in a role."""

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
        """Without a choice of roles, invite a therapist."""
        return {"role": User.Role.THERAPIST} | (super().clean() or {})


class ProfileForm(forms.Form):
    """Edits a person's names and time zone."""

    first_name = name_field("First name", "given-name")
    last_name = name_field("Last name", "family-name", required=False)
    time_zone = TimeZoneField(empty="Same as the clinic", label="Time zone", required=False)


class NewAddressForm(forms.Form):
    """Asks for a new address to sign in with."""

    email = email_field()
