"""Links that carry a secret: the secret goes into a letter, only its hash into the database."""

import hashlib
import secrets

from django.conf import settings

SECRET_BYTES = 32


def new_secret() -> tuple[str, str]:
    """A secret for a link, and the hash to keep; 256 random bits need no salt and no slow hash."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return secret, hashed(secret)


def hashed(secret: str) -> str:
    """64 hex characters by which a secret is found again."""
    return hashlib.sha256(secret.encode()).hexdigest()


def absolute(path: str) -> str:
    """The address for a letter; from the settings, never from a request's Host header."""
    return f"{settings.PUBLIC_URL}{path}"
