"""Making a backup while the installation runs."""

import shutil
from pathlib import Path

from audit.services import checkpoints
from therapybridge.backups import files, manifest
from therapybridge.backups.databases import database
from therapybridge.backups.manifest import Manifest, UnusableBackup
from therapybridge.core.uploads import flush_directory


def make(folder: Path) -> Manifest:
    """Write a backup to a new folder, which has its name only once it is whole; UnusableBackup if that cannot be."""
    if folder.exists():
        raise UnusableBackup(f"{folder} exists already: name a new folder.")
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
    database, and every recording that it names is among the files.
    """
    (draft / manifest.CHECKPOINT).write_bytes(checkpoints.export())
    copied = database()
    tables = copied.dump(draft)
    own = {name: files.described(draft / name) for name in (manifest.CHECKPOINT, copied.FILE)}
    stored = files.copy_to(draft) | {name: one for name, one in own.items() if one}
    for name in own:
        (draft / name).chmod(0o600)
    made = manifest.of_now(tables, stored, manifest.needed_keys())
    made.write(draft)
    flush_directory(draft)
    return made
