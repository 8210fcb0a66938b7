"""Encrypted files: AES-256-GCM in chunks, so that neither writing nor reading holds a file in memory.

Every file has a key of its own, which its row keeps encrypted; a rotation renews that column and never the file. A
chunk is bound to its place and the last one is marked: a file that was cut, or whose chunks were moved, is refused.
"""

import io
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from therapybridge.core.crypto import KEY_BYTES, NONCE_BYTES, DecryptionError
from therapybridge.core.uploads import disk_full_is_unavailable, flush_directory

CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file on disk: `size` in bytes and `sha256` in hex of what was written, and the key, which opens it."""

    path: Path
    size: int
    sha256: str
    key: bytes


def seal_file(source: BinaryIO, folder: Path) -> SealedFile:
    """Encrypt what `source` holds into `folder`/<random> and flush it to disk; on failure, leave nothing behind.

    Raises Unavailable (code `storage_full`).
    """
    with disk_full_is_unavailable():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / secrets.token_hex(16)
        try:
            return _write(source, path)
        except BaseException:
            with suppress(FileNotFoundError):
                path.unlink()
            raise


def open_sealed(path: Path, key: bytes) -> io.BufferedReader:
    """The plain bytes, from any place on; reading raises DecryptionError for a wrong key and a changed or cut file."""
    return io.BufferedReader(_Plain(os.open(path, os.O_RDONLY), key), CHUNK_BYTES)


class _Plain(io.RawIOBase):
    """Decrypts the chunk that is read. The file is closed at the latest when nobody holds it any more."""

    def __init__(self, file: int, key: bytes) -> None:
        self._file, self._at = file, 0
        self._cipher = AESGCM(key)
        self._sealed = os.fstat(self._file).st_size
        self._last = max(self._sealed - 1, 0) // SEALED_CHUNK_BYTES

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        size = self._sealed - (self._last + 1) * TAG_BYTES
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        number, start = divmod(self._at, CHUNK_BYTES)
        if number > self._last:
            return 0
        chunk = os.pread(self._file, SEALED_CHUNK_BYTES, number * SEALED_CHUNK_BYTES)
        plain = _decrypt(self._cipher, chunk, number, is_last=number == self._last)[start : start + len(buffer)]
        buffer[: len(plain)] = plain
        self._at += len(plain)
        return len(plain)

    def close(self) -> None:
        if not self.closed:
            os.close(self._file)
        super().close()


def _write(source: BinaryIO, path: Path) -> SealedFile:
    key, digest, size, number = secrets.token_bytes(KEY_BYTES), sha256(), 0, 0
    cipher = AESGCM(key)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        chunk = source.read(CHUNK_BYTES)
        while True:
            following = source.read(CHUNK_BYTES)
            file.write(cipher.encrypt(_nonce(number), chunk, _place(number, is_last=not following)))
            digest.update(chunk)
            size += len(chunk)
            if not following:
                break
            chunk, number = following, number + 1
        file.flush()
        os.fsync(file.fileno())
    flush_directory(path.parent)
    return SealedFile(path, size, digest.hexdigest(), key)


def _decrypt(cipher: AESGCM, chunk: bytes, number: int, *, is_last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number), chunk, _place(number, is_last=is_last))
    except (InvalidTag, ValueError):
        raise DecryptionError("The file was modified or cut, or belongs to another key.") from None


def _nonce(number: int) -> bytes:
    """No key encrypts two files, so the number of the chunk is never used twice with it."""
    return number.to_bytes(NONCE_BYTES, "big")


def _place(number: int, *, is_last: bool) -> bytes:
    return b"%d.%d" % (number, is_last)
