"""Making a backup while the installation runs."""

import os
import shutil
from pathlib import Path

from django.conf import settings

from audit.services import checkpoints
from therapybridge.backups import files, manifest
from therapybridge.backups.databases import database
from therapybridge.backups.manifest import Manifest, UnusableBackup
from therapybridge.core.uploads import flush_directory


def make(folder: Path) -> Manifest:
    """Write a backup to a new folder, which has its name only once it is whole; UnusableBackup if that cannot be."""
    if folder.exists():
        raise UnusableBackup(f"{folder} exists already: name a new folder.")
    if folder.is_relative_to(Path(settings.STORAGE_DIR).absolute()):
        raise UnusableBackup(f"{folder} is among the stored files, which the backup copies: name a folder elsewhere.")
    draft = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)  # of one that was interrupted
    draft.mkdir(mode=0o700, parents=True)
    try:
        made = _write(draft)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.rename(folder)
    flush_directory(folder.parent)
    return made


def _write(draft: Path) -> Manifest:
    """The audit trail's ends come first and the files last: so the chains are at least that long in the copy of the
    database, and every recording that it names was there when the files were copied, unless it was deleted since.

    Keys are looked for before and after, since a rotation may end in between.
    """
    files.write(draft / manifest.CHECKPOINT, checkpoints.export())
    migrations, keys = manifest.applied_migrations(), manifest.needed_keys()
    copied = database()
    tables = copied.dump(draft)
    (draft / copied.FILE).chmod(0o600)
    own = {name: files.described(draft / name) for name in (manifest.CHECKPOINT, copied.FILE)}
    stored = files.copy_to(draft) | {name: one for name, one in own.items() if one}
    made = manifest.of_now(migrations, tables, stored, keys | manifest.needed_keys())
    files.write(draft / manifest.NAME, made.signed())
    for place, _, _ in os.walk(draft):
        flush_directory(Path(place))
    return made
