"""Signed links that verify an e-mail address."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from therapybridge.core import crypto
from therapybridge.core.links import LinkGone

SALT = "accounts.address"


def token_for(user: User, new_address: str = "") -> str:
    """The token of a verification link for the person's address, or for `new_address`, which it carries encrypted.

    Any change to the account invalidates it: following the link, or a deactivation in the meantime.
    """
    sealed = crypto.seal(new_address.encode(), _aad(user)) if new_address else b""
    return signing.dumps([user.pk.hex, _mark(user), urlsafe_b64encode(sealed).decode()], salt=SALT)


def read_token(token: str) -> tuple[User, str]:
    """The person and the new address, if any; LinkGone for forged, expired or used tokens."""
    try:
        user_id, mark, sealed = signing.loads(token, salt=SALT, max_age=settings.EMAIL_CONFIRMATION_TIMEOUT)
    except (signing.BadSignature, ValueError) as error:
        raise LinkGone from error
    user = User.objects.select_related("clinic").filter(pk=user_id, is_active=True).first()
    if user is None or not constant_time_compare(mark, _mark(user)):
        raise LinkGone
    return user, _opened(sealed, user)


def _opened(sealed: Any, user: User) -> str:
    if not sealed:
        return ""
    try:
        return crypto.unseal(urlsafe_b64decode(sealed), _aad(user)).decode()
    except crypto.DecryptionError as error:
        raise LinkGone from error


def _aad(user: User) -> bytes:
    return f"accounts.new_address:{user.pk}".encode()


def _mark(user: User) -> str:
    state = f"{user.email} {user.password} {user.is_verified} {user.updated_at.timestamp()}"
    return salted_hmac(SALT, state).hexdigest()[:32]
