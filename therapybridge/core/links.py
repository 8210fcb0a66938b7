"""Links that carry a secret: the secret goes into a letter, only its hash into the database."""

import hashlib
import secrets

from django.conf import settings

from therapybridge.core.errors import NotFound

SECRET_BYTES = 32


class LinkGone(NotFound):
    """The link was used, revoked, is too old, or never was; nobody is told which."""

    code = "link_gone"
    title = "This link does not work any more"

    def __init__(self) -> None:
        super().__init__("A link works once and for a limited time. Ask for a new one.")


def new_secret() -> tuple[str, str]:
    """A secret for a link, and the hash to keep; 256 random bits need no salt and no slow hash."""
    # With a digit in it, so that the filter of the logs takes it for a token wherever it turns up.
    secret = f"1{secrets.token_urlsafe(SECRET_BYTES)}"
    return secret, hashed(secret)


def hashed(secret: str) -> str:
    """64 hex characters by which a secret is found again."""
    return hashlib.sha256(secret.encode()).hexdigest()


def absolute(path: str) -> str:
    """The address for a letter; from the settings, never from a request's Host header."""
    return f"{settings.PUBLIC_URL}{path}"
