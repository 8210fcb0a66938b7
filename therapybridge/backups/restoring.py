"""Restoring a backup, and telling whether what is here is what it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from audit.models import NO_CLINIC
from audit.services import checkpoints
from audit.services.chain import build_chain
from audit.services.verification import alterations, clinics, name_of, verify
from therapybridge.backups import files, manifest
from therapybridge.backups.databases import database
from therapybridge.backups.manifest import Manifest, UnusableBackup
from therapybridge.core import rotation

AT_ONCE = 500  # values


@dataclass(frozen=True, slots=True)
class Compared:
    """What was looked at, how much there is, and what is wrong with it; empty if nothing."""

    what: str
    number: int
    fault: str = ""


def restore(folder: Path) -> Manifest:
    """Fill the empty installation from a whole backup; UnusableBackup, with nothing written, if that cannot be."""
    made = whole(folder)
    _require_fitting(made)
    target = database()
    if not target.is_empty():
        raise UnusableBackup("The database is not empty: name an empty one in DATABASE_URL.")
    if next(files.stored(), None):
        raise UnusableBackup(f"{settings.STORAGE_DIR} is not empty: name an empty folder in STORAGE_URL.")
    target.load(folder)
    files.copy_back(folder)
    return made


def whole(folder: Path) -> Manifest:
    """The manifest of a backup whose files are all as they were written; UnusableBackup if one is not."""
    made = manifest.read(folder)
    if damaged := [place for place, one in made.files.items() if files.described(folder / place) != one]:
        raise UnusableBackup(f"{_named(damaged)} of {folder}: missing, cut or changed since the backup was made.")
    return made


def _require_fitting(made: Manifest) -> None:
    if made.vendor != connection.vendor:
        raise UnusableBackup(f"The backup is of {made.vendor}, DATABASE_URL of {connection.vendor}.")
    known = {f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.disk_migrations}
    if newer := [name for name in made.migrations if name not in known]:
        raise UnusableBackup(f"The backup is of a newer version of TherapyBridge ({_named(newer)}): install that one.")


def _named(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")  # noqa: PLR2004


def compared(made: Manifest) -> Iterator[Compared]:
    """Each table and the stored files, as they are here, with the backup."""
    here = database().tables()
    for name in sorted(made.tables.keys() | here.keys()):
        wanted, found = made.tables.get(name), here.get(name)
        fault = "" if wanted == found else _difference(wanted, found)
        yield Compared(name, found.rows if found else 0, fault)
    stored = {place: one for place, one in made.files.items() if place.startswith(f"{files.FOLDER}/")}
    for place, one in stored.items():
        found_file = files.described(Path(settings.STORAGE_DIR) / place.removeprefix(f"{files.FOLDER}/"))
        if found_file != one:
            yield Compared(place, 0, "changed" if found_file else "missing")
    yield Compared("stored files", len(stored))


def _difference(wanted: Any, found: Any) -> str:
    if not found:
        return "missing"
    if not wanted:
        return "not in the backup"
    return "other contents" if wanted.rows == found.rows else f"{wanted.rows} in the backup"


def bring_up_to_date() -> bool:
    """Migrate what an older version has left; whether there was anything."""
    executor = MigrationExecutor(connection)
    is_old = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if is_old:
        call_command("migrate", verbosity=0)
    return is_old


def seal() -> None:
    """Chain what happened in the last seconds before the backup: it would count as left out of the trail."""
    build_chain(everything=True)


def audited(folder: Path) -> Iterator[Compared]:
    """The chain of each clinic, held against the ends that the backup was begun with."""
    points, altered = checkpoints.load(folder / manifest.CHECKPOINT), alterations()
    named = {name_of(clinic): clinic for clinic in {*clinics(), *altered, NO_CLINIC}}
    for name in sorted(named.keys() | points.keys()):
        if name not in named:
            yield Compared(f"audit trail of {name}", 0, "missing")
            continue
        report = verify(named[name], points.get(name))
        found = [*report.findings, *altered.get(named[name], [])]
        kinds = ", ".join(sorted({one.kind for one in found}))
        yield Compared(f"audit trail of {name}", report.length + report.pending, kinds)


def decrypted() -> Iterator[Compared]:
    """All encrypted values of each place."""
    for source in rotation.sources():
        number, unopened = rotation.opened(source, AT_ONCE)
        yield Compared(source.name, number, f"{unopened} cannot be decrypted" if unopened else "")
