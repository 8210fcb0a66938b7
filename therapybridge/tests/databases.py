"""The databases of a test run: on SQLite copies of one that was migrated before, which takes a quarter of a minute.

It is kept in pytest's cache until anything changes that a migration is made of; `pytest --cache-clear` forgets it.
"""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
# Migrations, and what they import: their package list stands for those of other packages.
MADE_OF = ("*/migrations/*.py", "therapybridge/core/*.py", "accounts/identity/*.py", "audit/*.py", "requirements.txt")


def fingerprint(files: Iterable[Path]) -> str:
    """Changes with a name or a byte of any of the files."""
    found = hashlib.sha256()
    for path in sorted(files):
        found.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()[:16]


def name_of_migrated() -> str:
    """The file's name for the migrations as they are now."""
    return f"{fingerprint(path for pattern in MADE_OF for path in ROOT.glob(pattern))}.sqlite3"


def copy_migrated(target: Path) -> None:
    """Begin the database of an installation with the copy that the latest run kept, if it is of these migrations."""
    kept = ROOT / ".pytest_cache" / "d" / "migrated" / name_of_migrated()
    if kept.exists():
        shutil.copyfile(kept, target)


@pytest.fixture(scope="session")
def _migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database that these migrations make is kept."""
    kept = request.config.pluginmanager.has_plugin("cacheprovider")  # not with `-p no:cacheprovider`
    folder: Path = request.config.cache.mkdir("migrated") if kept else tmp_path_factory.mktemp("migrated")  # type: ignore[union-attr]
    return folder / name_of_migrated()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Begin with the copy that is there; it ends with the run's temporary folder."""
    return bool(settings.IS_SQLITE)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory, _migrated: Path
) -> None:
    """Keep SQLite in a file: threads of a test then wait for each other's locks as they do in service."""
    if not settings.IS_SQLITE:
        return
    own = tmp_path_factory.mktemp("database") / "test.sqlite3"
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(own)
    if _migrated.exists():
        shutil.copyfile(_migrated, own)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, _migrated: Path) -> None:
    """Keep a copy of what was migrated for the next run."""
    if settings.IS_SQLITE and not _migrated.exists():
        part = _migrated.with_name(f"{uuid4().hex}.part")  # two processes of a run write at once
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(part)])
        part.rename(_migrated)
