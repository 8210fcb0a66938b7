"""Storage of browser sessions in Django's table, which rejects malformed keys."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Rejects invalid keys: Django's own store looks up any cookie value, and PostgreSQL raises on NUL."""

    def _validate_session_key(self, key: str) -> bool:
        return bool(super()._validate_session_key(key)) and key.isascii() and key.isalnum()  # type: ignore[misc]
