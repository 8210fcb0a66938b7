"""The demonstration accounts, which the sign-in page shows outside production."""

from django.conf import settings

from accounts.models import User

CLINIC_NAME = "Harbour Street Practice (demonstration)"
DOMAIN = "demo.example"
# Nobody else: whoever signs up later, or is invited, is not put on a public page.
SEEDED = tuple(f"{name}@{DOMAIN}" for name in ("therapist", "therapist2", "trainee", "patient", "patient2", "admin"))


def sign_ins() -> list[str]:
    """The seeded accounts that can sign in, therapists first; none in production or without the demonstration."""
    if settings.IS_PRODUCTION:
        return []
    people = User.objects.filter(clinic__name=CLINIC_NAME, email__in=SEEDED, is_active=True)
    able = [person for person in people if person.has_usable_password()]
    return [f"{person.get_role_display()}: {person.email}" for person in sorted(able, key=_place)]


def _place(person: User) -> int:
    return SEEDED.index(str(person.email))
