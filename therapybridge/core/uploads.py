"""Receiving files: streamed, capped, hashed and flushed to disk under a random name."""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParserError
from rest_framework.parsers import MultiPartParser

from therapybridge.core.errors import TooLarge, Unprocessable
from therapybridge.core.http.bodies import DISK_FULL, FORM_BYTES, file_bytes, storage_full
from therapybridge.core.problems import is_api

log = structlog.get_logger(__name__)
CHUNK_BYTES = 64 * 1024
ABANDONED = 3600  # seconds without another byte
UTF_8 = frozenset({"utf-8", "utf8"})


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Rejects bodies larger than the largest accepted file before anything is written to disk."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 (as Django names it)
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Raise RequestDataTooBig (413) for a large body, and MultiPartParserError (400) unless the charset is UTF-8.

        Django would decode fields with any codec the sender names, including ones that are not text encodings.
        """
        if (encoding or settings.DEFAULT_CHARSET).lower() not in UTF_8:
            raise MultiPartParserError("Forms must be UTF-8.")
        if self._longest_file() and content_length > self._longest_file() + FORM_BYTES:
            raise RequestDataTooBig(_too_large(self._longest_file()).detail)
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Reject files from anonymous users: CSRF protection reads the whole body before any view runs.

        The API authenticates before it reads the body.
        """
        if self.request is None or not (is_api(self.request) or SESSION_KEY in self.request.session):
            raise RequestDataTooBig("Please sign in to upload files.")
        if not self._longest_file():
            raise RequestDataTooBig("No file can be sent to this address.")
        with disk_full_is_unavailable():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Raise Unavailable (code `storage_full`) where the disk has no room."""
        with disk_full_is_unavailable():
            return super().receive_data_chunk(raw_data, start)

    def _longest_file(self) -> int:
        if self.request is None or self.request.resolver_match is None:
            return 0
        return file_bytes(self.request.resolver_match.func, self.request.method or "")


class CappedMultiPartParser(MultiPartParser):
    """A form of the API with a file: 413 for a body that is longer than the action takes, before any of it is read."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Go by what the sender says of the length: nothing beyond it is read."""
        request = (parser_context or {})["request"]
        max_bytes = file_bytes(request.resolver_match.func, request.method)
        if int(request.META.get("CONTENT_LENGTH") or 0) > max_bytes + FORM_BYTES:
            raise _too_large(max_bytes)
        return super().parse(stream, media_type, parser_context)


def remove_abandoned() -> int:
    """Remove uploads of which nothing came for an hour: the process that received them was killed. Returns how many."""
    removed = 0
    for file in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < time.time() - ABANDONED:
                file.unlink()
                removed += 1
    if removed:
        log.warning("abandoned_uploads_removed", files=removed)
    return removed


@dataclass(frozen=True)
class StoredFile:
    """A file on disk: `size` in bytes, `sha256` in hex."""

    path: Path
    size: int
    sha256: str


def receive(upload: "UploadedFile[Any]", folder: Path, max_bytes: int) -> StoredFile:
    """Move an upload to `folder`/<random>/<random> and flush it to disk; on failure, leave nothing behind.

    Raises TooLarge, Unprocessable (code `empty`), Unavailable (code `storage_full`).
    """
    if (upload.size or 0) > max_bytes:
        raise _too_large(max_bytes)
    with disk_full_is_unavailable():
        home = folder / secrets.token_hex(16)
        for directory in (folder, home):
            directory.mkdir(mode=0o700, parents=True, exist_ok=directory is folder)
        try:
            path = home / secrets.token_hex(16)
            _place(upload, path)
            return _flushed(path, max_bytes)
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise


def _place(upload: "UploadedFile[Any]", path: Path) -> None:
    """What the handler above has received is moved, and so written only once; another file is copied."""
    if isinstance(upload, TemporaryUploadedFile):
        shutil.move(upload.temporary_file_path(), path)
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in upload.chunks(CHUNK_BYTES):
            file.write(chunk)


def _flushed(path: Path, max_bytes: int) -> StoredFile:
    with path.open("rb+") as file:
        size = os.fstat(file.fileno()).st_size
        if size > max_bytes:
            raise _too_large(max_bytes)
        if not size:
            raise Unprocessable("The file is empty.", code="empty")
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    for directory in (path.parent, path.parent.parent):
        flush_directory(directory)
    return StoredFile(path, size, digest)


def flush_directory(directory: Path) -> None:
    """Flush the directory too: otherwise a power cut could lose the file's name."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _too_large(max_bytes: int) -> TooLarge:
    limit = f"{max_bytes // 1024**2} MB" if max_bytes >= 1024**2 else f"{max_bytes} bytes"
    return TooLarge(f"The file is larger than {limit}.")


@contextmanager
def disk_full_is_unavailable() -> Iterator[None]:
    """Raise Unavailable (code `storage_full`) where the disk has no room."""
    try:
        yield
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        raise storage_full() from error
