"""The demonstration accounts, which the sign-in page shows outside production."""

from django.conf import settings

from accounts.models import User

CLINIC_NAME = "Harbour Street Practice (demonstration)"


def sign_ins() -> list[str]:
    """The demonstration clinic's accounts, therapists first; none in production or without that clinic."""
    if settings.IS_PRODUCTION:
        return []
    people = User.objects.filter(clinic__name=CLINIC_NAME, is_active=True).exclude(email=None)
    rank = {User.Role.THERAPIST: 0, User.Role.PATIENT: 1, User.Role.ADMIN: 2}
    able = [person for person in people.order_by("email") if person.has_usable_password()]
    return [f"{person.get_role_display()}: {person.email}" for person in sorted(able, key=lambda p: rank[p.role])]
