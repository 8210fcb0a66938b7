"""The files of exports: drawn in memory, so that nothing lies on a disk in clear, then encrypted into the storage.

Each export has a folder of its own. So what an attempt left that was killed is found, whoever makes the next one.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from accounts.models import Clinic
from exports.builders import build
from exports.builders.limits import Check
from exports.jobs.models import ExportJob
from exports.records.record import Record
from therapybridge.core.sealed_files import SealedFile, seal_file
from therapybridge.core.uploads import flush_directory

FOLDER = "exports"


def folder() -> Path:
    """Where the encrypted files are."""
    return Path(settings.STORAGE_DIR) / FOLDER


def folder_of(job_id: UUID) -> Path:
    """Where those of one export are."""
    return folder() / str(job_id)


def stored_exports(clinic: Clinic) -> int:
    """Bytes of a practice's finished exports; they count, but none is refused for want of room."""
    kept = ExportJob.objects.filter(clinic=clinic).exclude(path="")
    return kept.aggregate(bytes=Sum("size", default=0))["bytes"]  # type: ignore[no-any-return]


def draw(job_id: UUID, form: str, record: Record, check: Check) -> SealedFile:
    """Draw the record as a file of the format, and encrypt it. Unavailable (`storage_full`) leaves nothing behind.

    Nor does what `check` raises, which is asked while the file is drawn.
    """
    plain = BytesIO()
    build(form, record, plain, check)
    plain.seek(0)
    sealed = seal_file(plain, folder_of(job_id))
    flush_directory(folder())
    return sealed


def files_of(job_id: UUID) -> list[Path]:
    """All files of an export."""
    with suppress(FileNotFoundError):
        return list(folder_of(job_id).iterdir())
    return []


def discard(file: Path) -> None:
    """Remove a file that nobody will ask for, and its folder if nothing else is in it."""
    file.unlink(missing_ok=True)
    _remove_if_empty(file.parent)


def remove_if_empty(job_id: UUID) -> None:
    """Remove the folder of an export in which nothing is."""
    _remove_if_empty(folder_of(job_id))


def _remove_if_empty(place: Path) -> None:
    with suppress(OSError):
        place.rmdir()


def clear_attempts(job_id: UUID) -> None:
    """Remove the files of earlier attempts. The folder stays, in which one that is still alive may be writing."""
    for file in files_of(job_id):
        file.unlink(missing_ok=True)


def clear(job_id: UUID) -> None:
    """Remove all files of an export."""
    shutil.rmtree(folder_of(job_id), ignore_errors=True)


def clear_on_commit(job_id: UUID) -> None:
    """The same once the row says so; if the process dies in between, the sweep does it."""
    transaction.on_commit(lambda: clear(job_id), robust=True)


def stored() -> Iterator[UUID]:
    """The exports that have a folder."""
    if folder().is_dir():
        for one in folder().iterdir():
            with suppress(ValueError):
                yield UUID(one.name)
