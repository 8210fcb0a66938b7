"""A sign of life of processes that answer no request, for whatever watches their container."""

from pathlib import Path

from django.conf import settings

SECONDS = 5  # between two signs; a check waits for some of them


def sign() -> None:
    """Touch ALIVE_FILE, if it is set: the process turns, and waits for nothing."""
    if settings.ALIVE_FILE:
        Path(settings.ALIVE_FILE).touch()
