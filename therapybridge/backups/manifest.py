"""What a backup says of itself: enough to tell whether what was restored from it is the same."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from therapybridge.core import crypto, rotation

NAME = "manifest.json"
CHECKPOINT = "checkpoint.json"
FORM = 1
PURPOSE = "backup.manifest"
INDEX_KEY = "BLIND_INDEX_KEY"


class UnusableBackup(Exception):
    """A sentence for the operator: the folder holds no whole backup, or none for this installation."""


@dataclass(frozen=True, slots=True)
class Table:
    """Number of rows, and the sum of the hashes of all, which their order does not change."""

    rows: int
    content: str


@dataclass(frozen=True, slots=True)
class File:
    """Size in bytes and SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`keys` are fingerprints by the key's id, from which no key can be found out; `files` are all others of the
    backup, by their places in its folder.
    """

    taken_at: str
    revision: str
    vendor: str
    migrations: Sequence[str]
    keys: Mapping[str, str]
    tables: Mapping[str, Table]
    files: Mapping[str, File] = field(default_factory=dict)

    def signed(self) -> bytes:
        """As JSON, with a signature."""
        content = {"form": FORM} | asdict(self)
        content["signature"] = _signature(content)
        return orjson.dumps(content, option=orjson.OPT_INDENT_2)


def read(folder: Path) -> Manifest:
    """The manifest of a backup; UnusableBackup if there is none, keys are missing, or it was changed."""
    try:
        content = orjson.loads((folder / NAME).read_bytes())
        signature, form = content.pop("signature"), content["form"]
    except (OSError, ValueError, KeyError, TypeError):
        raise UnusableBackup(f"{folder} holds no whole backup: {NAME} is missing or unreadable.") from None
    if form != FORM:
        raise UnusableBackup(f"{folder} was made by another version of TherapyBridge (form {form}).")
    if missing := list(missing_keys(content["keys"])):
        raise UnusableBackup(f"The backup needs keys that are not configured here: {'; '.join(missing)}.")
    if not hmac.compare_digest(signature, _signature(content)):
        raise UnusableBackup(f"{folder / NAME} was changed since the backup was made.")
    del content["form"]
    content["tables"] = {name: Table(**one) for name, one in content["tables"].items()}
    content["files"] = {name: File(**one) for name, one in content["files"].items()}
    return Manifest(**content)


def missing_keys(wanted: Mapping[str, str]) -> Iterator[str]:
    """What is not configured as it was: each key by its id, and whether another stands in its place."""
    here = fingerprints()
    for name, print_of_key in wanted.items():
        if name not in here:
            yield name
        elif here[name] != print_of_key:
            yield f"{name} (another key has this name here)"


def fingerprints() -> dict[str, str]:
    """Of every configured key and of the one that searches and signatures depend on."""
    keys = crypto.parse_keys(settings.FIELD_ENCRYPTION_KEYS)
    found = {name: sha256(b"therapybridge backup" + key).hexdigest()[:16] for name, key in keys.items()}
    return found | {INDEX_KEY: crypto.keyed_hash("backup.key", INDEX_KEY)[:16]}


def needed_keys() -> dict[str, str]:
    """Of the keys under which anything is stored."""
    used = {crypto.key_ring().primary, INDEX_KEY}
    for source in rotation.sources():
        used |= set(source.left())
    return {name: value for name, value in fingerprints().items() if name in used}


def of_now(
    migrations: Sequence[str], tables: Mapping[str, Table], files: Mapping[str, File], keys: Mapping[str, str]
) -> Manifest:
    """Of this installation, with what was found in it."""
    return Manifest(
        taken_at=timezone.now().isoformat(timespec="seconds"),
        revision=settings.REVISION,
        vendor=connection.vendor,
        migrations=migrations,
        keys=keys,
        tables=tables,
        files=files,
    )


def applied_migrations() -> list[str]:
    """All of them, as app and name."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _signature(content: Mapping[str, Any]) -> str:
    return crypto.keyed_hash(PURPOSE, orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode())
