"""Trusted browsers: for thirty days the second factor is not asked for there, unless something ends that."""

from datetime import UTC, datetime

from allauth.mfa.internal.flows.trust import create_config_fingerprint, decode_trust_cookie
from django.http import HttpRequest

from accounts.models import AuthSession, User

# Ended sessions are kept for longer than a browser is trusted.
ENDS_TRUST = ("signed_out_elsewhere", "signed_out_everywhere")


def is_trusted(request: HttpRequest, user: User) -> bool:
    """Whether the browser's cookie was made for the person with this password and these factors, and holds.

    Signing out another device, or all, ends it for every browser: nobody knows in whose hands one of them is.
    """
    fingerprint = create_config_fingerprint(user)
    given = [one.at for one in decode_trust_cookie(request) if one.fingerprint == fingerprint]
    return bool(given) and not _signed_out_since(user, datetime.fromtimestamp(max(given), UTC))


def _signed_out_since(user: User, moment: datetime) -> bool:
    ended = AuthSession.objects.filter(user=user.pk, revoked_reason__in=ENDS_TRUST, revoked_at__gte=moment)
    return bool(ended.exists())
