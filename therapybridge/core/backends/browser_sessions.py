"""Where what a browser's session holds is kept: Django's table, asked only for keys that it could hold."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's own asks the database for whatever a cookie says, and PostgreSQL takes no NUL."""

    def _validate_session_key(self, key: str) -> bool:
        return bool(super()._validate_session_key(key)) and key.isascii() and key.isalnum()  # type: ignore[misc]
