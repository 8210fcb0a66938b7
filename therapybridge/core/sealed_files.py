"""Encrypted files: AES-256-GCM in chunks, so that neither writing nor reading holds a file in memory.

Every file has a key of its own, which its row keeps encrypted; a rotation renews that column and never the file. A
chunk is bound to its place and the last one is marked: a file that was cut, or whose chunks were moved, is refused.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from therapybridge.core.crypto import KEY_BYTES, NONCE_BYTES, DecryptionError
from therapybridge.core.uploads import disk_full_is_unavailable, flush_directory

CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16


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


def open_file(path: Path, key: bytes) -> Iterator[bytes]:
    """The plain bytes in chunks; DecryptionError for a wrong key and a changed or cut file."""
    cipher = AESGCM(key)
    with path.open("rb") as file:
        chunk, number = file.read(CHUNK_BYTES + TAG_BYTES), 0
        while True:
            following = file.read(CHUNK_BYTES + TAG_BYTES)
            yield _decrypt(cipher, chunk, number, is_last=not following)
            if not following:
                return
            chunk, number = following, number + 1


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
