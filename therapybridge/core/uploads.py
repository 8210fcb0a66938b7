"""Receiving a file: streamed, capped, hashed, flushed to disk, under a name of our own."""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParserError
from rest_framework.parsers import MultiPartParser

from therapybridge.core.errors import TooLarge, Unavailable, Unprocessable
from therapybridge.core.problems import is_api

CHUNK_BYTES = 64 * 1024
FORM_BYTES = 1024 * 1024  # what a form may weigh beside its file
UTF_8 = frozenset({"utf-8", "utf8"})
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Refuses a body that is longer than the largest file we take, before a byte of it fills the disk."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 (as Django names it)
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Raise RequestDataTooBig, which is answered with 413; MultiPartParserError, with 400, for what is not UTF-8.

        Django would read the fields by any codec that the sender names, also by those that read no text.
        """
        if (encoding or settings.DEFAULT_CHARSET).lower() not in UTF_8:
            raise MultiPartParserError("Forms are read as UTF-8.")
        if content_length > settings.MAX_RECORDING_BYTES + FORM_BYTES:
            raise RequestDataTooBig(f"The file is larger than {settings.MAX_RECORDING_BYTES // 1024**2} MB.")
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Refuse a stranger's file: the check of a form's token reads the whole body before any view runs.

        The API knows who asks before it reads.
        """
        if self.request is None or not (is_api(self.request) or SESSION_KEY in self.request.session):
            raise RequestDataTooBig("Files are taken from people who are signed in.")
        super().new_file(*args, **kwargs)


class CappedMultiPartParser(MultiPartParser):
    """A form of the API whose file may have `max_bytes`: 413 for a longer body, before any of it is read."""

    max_bytes: ClassVar[int]

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Go by what the sender says of the length: nothing beyond it is read."""
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.max_bytes + FORM_BYTES:
            raise _too_large(self.max_bytes)
        return super().parse(stream, media_type, parser_context)


@dataclass(frozen=True)
class StoredFile:
    """What lies on disk: `size` in bytes, `sha256` in hex."""

    path: Path
    size: int
    sha256: str


def receive(upload: "UploadedFile[Any]", folder: Path, max_bytes: int) -> StoredFile:
    """Copy an upload to `folder`/<random>/<random>, flushed to disk, or leave nothing behind.

    Raises TooLarge, Unprocessable (code `empty`), Unavailable (code `storage_full`).
    """
    if (upload.size or 0) > max_bytes:
        raise _too_large(max_bytes)
    with _disk_full_is_unavailable():
        home = folder / secrets.token_hex(16)
        for directory in (folder, home):
            directory.mkdir(mode=0o700, parents=True, exist_ok=directory is folder)
        try:
            return _copy(upload, home / secrets.token_hex(16), max_bytes)
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise


def _copy(upload: "UploadedFile[Any]", path: Path, max_bytes: int) -> StoredFile:
    digest = hashlib.sha256()
    size = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in upload.chunks(CHUNK_BYTES):
            size += len(chunk)
            if size > max_bytes:
                raise _too_large(max_bytes)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise Unprocessable("The file is empty.", code="empty")
    for directory in (path.parent, path.parent.parent):
        _flush_directory(directory)
    return StoredFile(path, size, digest.hexdigest())


def _flush_directory(directory: Path) -> None:
    """A file's name is only safe from a power cut when its directory was flushed too."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _too_large(max_bytes: int) -> TooLarge:
    limit = f"{max_bytes // 1024**2} MB" if max_bytes >= 1024**2 else f"{max_bytes} bytes"
    return TooLarge(f"The file is larger than {limit}.")


@contextmanager
def _disk_full_is_unavailable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        detail = "There is no room left for the file. Nothing was stored; your administrator can make room."
        raise Unavailable(detail, code="storage_full") from error
