"""Authentication sessions: which are valid now, with what each request needs to know about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from therapybridge.core.models import BaseQuerySet

if TYPE_CHECKING:
    from accounts.models import AuthSession  # noqa: F401 (the base names it in a string)


FACTORS = ("totp", "webauthn")


def factors_of(user: Any) -> models.QuerySet[Any]:
    """The second factors of a person, also of one in an outer query; recovery codes alone are none."""
    authenticators: models.QuerySet[Any] = apps.get_model("mfa", "Authenticator").objects.all()
    return authenticators.filter(user=user, type__in=FACTORS)


class AuthSessionQuerySet(BaseQuerySet["AuthSession"]):
    """Queries on authentication sessions of browsers and devices."""

    def live(self) -> Self:
        """Not revoked, within both limits, and of an active person."""
        return self.filter(revoked_at=None, expires_at__gt=Now(), ends_at__gt=Now(), user__is_active=True)

    def with_auth_state(self) -> Self:
        """Annotate whether the person has a second factor and a live emergency grant."""
        grants = apps.get_model("accounts", "BreakGlassGrant").objects.live().filter(therapist=OuterRef("user"))
        return self.annotate(has_factor=Exists(factors_of(OuterRef("user"))), has_grant=Exists(grants))
