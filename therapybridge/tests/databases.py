"""The databases of a test run: copies of one that was migrated before, which takes a quarter of a minute.

On SQLite it is kept in pytest's cache until anything changes that a migration is made of; `pytest --cache-clear`
forgets it. On PostgreSQL it lasts for a run.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from therapybridge.tests import postgres
from therapybridge.tests.migrated import ROOT, name_of_migrated


def copy_migrated(target: Path) -> bool:
    """Begin the database of an installation with the copy that the latest run kept, if it is of these migrations;
    returns whether it is.
    """
    kept = ROOT / ".pytest_cache" / "d" / "migrated" / f"{name_of_migrated()}.sqlite3"
    if kept.exists():
        shutil.copyfile(kept, target)
    return kept.exists()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Drop what processes of the run copied, once all have ended."""
    if postgres.is_used() and not hasattr(session.config, "workerinput"):
        postgres.drop_template()


@pytest.fixture(scope="session")
def _migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database that these migrations make is kept."""
    kept = request.config.pluginmanager.has_plugin("cacheprovider")  # not with `-p no:cacheprovider`
    folder: Path = request.config.cache.mkdir("migrated") if kept else tmp_path_factory.mktemp("migrated")  # type: ignore[union-attr]
    return folder / f"{name_of_migrated()}.sqlite3"


@pytest.fixture(scope="session", autouse=True)
def _template() -> None:
    """Real installations of a test are copied from it as well."""
    if postgres.is_used():
        postgres.prepare_template()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Begin with the copy that is there."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
    _migrated: Path,
    _template: None,
) -> Iterator[None]:
    """Each process has a copy of its own.

    SQLite's is a file: threads of a test then wait for each other's locks as they do in service.
    """
    own = settings.DATABASES["default"].setdefault("TEST", {})
    if settings.IS_SQLITE:
        own["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        if _migrated.exists():
            shutil.copyfile(_migrated, own["NAME"])
        yield
        return
    own["NAME"] = f"test_{uuid4().hex}"
    postgres.create(own["NAME"])
    yield
    postgres.drop(own["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, _migrated: Path) -> None:
    """Keep a copy of what was migrated for the next run."""
    if settings.IS_SQLITE and not _migrated.exists():
        part = _migrated.with_name(f"{uuid4().hex}.part")  # two processes of a run write at once
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(part)])
        part.rename(_migrated)
