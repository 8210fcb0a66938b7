"""The stored files of a backup: recordings, exports and uploaded records."""

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from therapybridge.backups.manifest import File

FOLDER = "files"
PASSING = "incoming"  # what is being uploaded, whose request ends with the process
AT_ONCE = 1 << 20  # bytes


def copy_to(folder: Path) -> dict[str, File]:
    """Copy all files that are stored now; returns them by their places in the backup.

    One that is removed meanwhile is one that is not wanted any more.
    """
    copied: dict[str, File] = {}
    for path in stored():
        with suppress(FileNotFoundError):
            copied[f"{FOLDER}/{path}"] = copy(Path(settings.STORAGE_DIR) / path, folder / FOLDER / path)
    return copied


def copy_back(folder: Path) -> None:
    """Put the files of a backup into the empty storage folder; FileExistsError for one that is there already."""
    for place, _, names in os.walk(folder / FOLDER):
        for name in names:
            source = Path(place) / name
            copy(source, Path(settings.STORAGE_DIR) / source.relative_to(folder / FOLDER))


def stored() -> Iterator[str]:
    """The paths of all stored files, below STORAGE_DIR."""
    root = Path(settings.STORAGE_DIR)
    for folder, folders, names in os.walk(root):
        if Path(folder) == root and PASSING in folders:
            folders.remove(PASSING)
        folders.sort()
        for name in sorted(names):
            yield str((Path(folder) / name).relative_to(root))


def copy(source: Path, target: Path) -> File:
    """Copy a file, readable by its owner alone, and flush it to the disk."""
    with source.open("rb") as read:
        _make_folder(target.parent)
        written, digest, size = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), sha256(), 0
        with os.fdopen(written, "wb") as write:
            while block := read.read(AT_ONCE):
                write.write(block)
                digest.update(block)
                size += len(block)
            write.flush()
            os.fsync(write.fileno())
    return File(size, digest.hexdigest())


def write(target: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, and flush it to the disk."""
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    """With its parents: mkdir gives its mode to the last one alone."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def described(path: Path) -> File | None:
    """Size and hash of a file; None if it is missing."""
    with suppress(FileNotFoundError), path.open("rb") as read:
        digest, size = sha256(), 0
        while block := read.read(AT_ONCE):
            digest.update(block)
            size += len(block)
        return File(size, digest.hexdigest())
    return None
