"""Links with a secret: the secret is e-mailed, only its hash is stored."""

import hashlib
import secrets

from django.conf import settings

from therapybridge.core.errors import NotFound

SECRET_BYTES = 32


class LinkGone(NotFound):
    """The link was used, revoked, expired, or never existed; the message does not say which."""

    code = "link_gone"
    title = "This link no longer works"

    def __init__(self) -> None:
        super().__init__("Links work once and for a limited time. Ask for a new one.")


def new_secret() -> tuple[str, str]:
    """A secret for a link, and the hash to store; 256 random bits need no salt or slow hash."""
    # Containing a digit, so that the log filter recognizes it as a token.
    secret = f"1{secrets.token_urlsafe(SECRET_BYTES)}"
    return secret, hashed(secret)


def hashed(secret: str) -> str:
    """The hash by which a secret is looked up (64 hex characters)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def absolute(path: str) -> str:
    """An absolute URL for e-mails; from the settings, never from a request's Host header."""
    return f"{settings.PUBLIC_URL}{path}"
