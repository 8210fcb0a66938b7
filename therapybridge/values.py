"""Reads the environment for the settings. What cannot be read is refused, all of it together, each in a sentence.

A value that was misspelt must not count as unset: a command would quietly work on another database.
"""

import logging
import math
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from kombu.transport import TRANSPORT_ALIASES

T = TypeVar("T")
YES, NO = frozenset({"1", "true", "yes", "y", "on", "ok"}), frozenset({"0", "false", "no", "n", "off"})
POSTGRES = frozenset({"postgres", "postgresql", "psql", "pgsql"})
REDIS = frozenset({"redis", "rediss"})
HOW_DATABASE = (
    "postgres://user:password@host:5432/name, with other signs than letters and digits in the password as %23 and the "
    "like"
)
HOW_REDIS = "redis://host:6379/0"
HOW_EMAIL = "smtp+tls://user:password@host:587, with an @ in the user as %40"


class Values(environ.Env):  # type: ignore[misc]
    """The environment, by types. Addresses may hold passwords, so no sentence quotes one."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def refuse(self) -> None:
        """End the process, whichever it is, with all that could not be read, without a traceback."""
        if self.problems:
            raise SystemExit("\n".join(f"tb.E025: {problem}" for problem in self.problems))

    def amount(self, name: str, default: float) -> float:
        """A number above 0."""
        return self._read(name, default, _amount, "is {!r}; it needs a number above 0")

    def count(self, name: str, default: int | None, least: int = 1) -> Any:
        """A whole number of at least `least`."""

        def read(text: str) -> int:
            return _at_least(least, int(text))

        return self._read(name, default, read, f"is {{!r}}; it needs a whole number of at least {least}")

    def switch(self, name: str, default: bool) -> bool:
        """On or off."""
        return self._read(name, default, _switch, "is {!r}; use 1 or 0")

    def level(self, name: str, default: str) -> str:
        """The name of a level of logging."""
        return self._read(name, default, _level, "is {!r}; use DEBUG, INFO, WARNING or ERROR")

    def pairs(self, name: str, known: Collection[str]) -> dict[str, str]:
        """`a=b,c=d`, of known names."""

        def read(text: str) -> dict[str, str]:
            pairs = dict(part.strip().split("=") for part in text.split(",") if part.strip())
            return {key: _one_of(known, value, key) for key, value in pairs.items()}

        needed = f"is {{!r}}; it needs the form read=1000/m,write=100/m, with names of {', '.join(known)}"
        return self._read(name, {}, read, needed)

    def database(self, name: str, default: str) -> dict[str, Any]:
        """What Django needs to know of the database."""
        return self._read(name, self.db_url_config(default), self._database, f"needs the form {HOW_DATABASE}")

    def redis(self, name: str) -> str:
        """The address of a database of Redis; empty if unset."""
        return self._read(name, "", _redis, f"needs the form {HOW_REDIS}")

    def broker(self, name: str, default: str) -> str:
        """The address of a broker that Celery knows."""
        return self._read(name, default, _broker, f"needs the form {HOW_REDIS}")

    def mail(self, name: str, default: str) -> dict[str, Any]:
        """What Django needs to know of the mail server."""
        return self._read(name, self.email_url_config(default), self._mail, f"needs the form {HOW_EMAIL}")

    def own_folder(self, name: str, folder: Path) -> Path:
        """A folder that nobody else on the machine may read, made if it is missing; else nothing goes on."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            self.problems.append(f"{name}: the folder {folder} cannot be made ({error.strerror}).")
            self.refuse()
        return folder

    def _read(self, name: str, default: T, read: Callable[[str], T], needed: str) -> T:
        text = self.str(name, default="")
        if not text:
            return default
        try:
            return read(text)
        except (ValueError, KeyError, ImproperlyConfigured):
            self.problems.append(f"{name} {needed.format(text)}.")
            return default

    def _database(self, text: str) -> dict[str, Any]:
        address = _split(text)
        if address.scheme in POSTGRES and address.path.strip("/"):
            return dict(self.db_url_config(text))
        if address.scheme == "sqlite":
            return dict(self.db_url_config(text))
        raise ValueError

    def _mail(self, text: str) -> dict[str, Any]:
        if (address := _split(text)).scheme.startswith("smtp") and not address.hostname:
            raise ValueError
        return dict(self.email_url_config(text))


def _split(text: str) -> SplitResult:
    """The parts of an address; ValueError if the port is none, or a password holds what begins another part."""
    address = urlsplit(text)
    if address.fragment or address.port == 0:
        raise ValueError
    return address


def _amount(text: str) -> float:
    number = float(text)
    if not (math.isfinite(number) and number > 0):
        raise ValueError
    return number


def _at_least(least: int, number: int) -> int:
    if number < least:
        raise ValueError
    return number


def _switch(text: str) -> bool:
    word = text.strip().lower()
    if word not in YES | NO:
        raise ValueError
    return word in YES


def _level(text: str) -> str:
    known: Mapping[str, int] = logging.getLevelNamesMapping()
    known[text.upper()]
    return text.upper()


def _one_of(known: Collection[str], value: str, key: str) -> str:
    if key not in known:
        raise ValueError
    return value


def _redis(text: str) -> str:
    """Without a host it means this machine; `unix` has a path instead."""
    address = _split(text)
    database = address.path.strip("/")
    if address.scheme != "unix" and (address.scheme not in REDIS or (database and not database.isdigit())):
        raise ValueError
    return text


def _broker(text: str) -> str:
    scheme = urlsplit(text).scheme
    if scheme in REDIS:
        return _redis(text)
    TRANSPORT_ALIASES[scheme.partition("+")[0]]
    return text
