"""The files of imports: encrypted as they are received, and gone once they were taken in or discarded."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum

from accounts.models import Clinic
from exports.imports.models import RecordImport
from therapybridge.core.sealed_files import SealedFile, open_sealed, seal_file

FOLDER = "imports"
ORPHAN_AGE = 3600  # seconds
SOURCE: Any = RecordImport._meta.get_field("source")
ABOUT_THE_PATIENT = ("patient", "date_of_birth", "possible_duplicates")


def folder() -> Path:
    """Where the encrypted files are."""
    return Path(settings.STORAGE_DIR) / FOLDER


def stored_imports(clinic: Clinic) -> int:
    """Bytes of a practice's uploaded records that are not taken in yet."""
    kept = RecordImport.objects.filter(clinic=clinic).exclude(path="")
    return kept.aggregate(bytes=Sum("size", default=0))["bytes"]  # type: ignore[no-any-return]


def keep(upload: "UploadedFile[Any]") -> SealedFile:
    """Encrypt an upload. Unavailable (`storage_full`) leaves nothing behind."""
    source: Any = upload
    return seal_file(source, folder())


def stored_path(sealed: SealedFile) -> str:
    """As a row names it."""
    return str(sealed.path.relative_to(settings.STORAGE_DIR))


def read(job: RecordImport) -> bytes:
    """The file as it was uploaded."""
    with open_sealed(job.file, bytes.fromhex(job.file_key or "")) as file:
        return file.read()


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    path.unlink(missing_ok=True)


def remove_on_commit(job: RecordImport) -> None:
    """Remove the file once the row says so; if the process dies in between, the sweep does it."""
    path = job.file
    if job.path:
        transaction.on_commit(lambda: remove(path), robust=True)


def forgotten(job: RecordImport) -> dict[str, Any]:
    """The columns of a row whose file was not taken in: nothing that is about its patient is kept."""
    source = {name: value for name, value in (job.source or {}).items() if name not in ABOUT_THE_PATIENT}
    return {"path": "", "file_key": None, "source": SOURCE.seal(source, job.pk)}


def remove_orphans() -> int:
    """Remove files older than an hour that no row names; returns how many."""
    named = set(RecordImport.objects.exclude(path="").values_list("path", flat=True))
    found = [path for path in _old_files() if str(path.relative_to(settings.STORAGE_DIR)) not in named]
    for path in found:
        remove(path)
    return len(found)


def _old_files() -> Iterator[Path]:
    for path in folder().iterdir() if folder().is_dir() else ():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - ORPHAN_AGE:
                yield path
