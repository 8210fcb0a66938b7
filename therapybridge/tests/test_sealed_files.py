"""Encrypted files are read from any place on, and a changed one is not read at all."""

import io
import os

import pytest

from therapybridge.core.crypto import DecryptionError
from therapybridge.core.sealed_files import CHUNK_BYTES, SEALED_CHUNK_BYTES, open_sealed, seal_file

PLAIN = b"".join(n.to_bytes(4, "big") for n in range(CHUNK_BYTES * 5 // 8))  # two chunks and a half


@pytest.fixture
def sealed(tmp_path):
    return seal_file(io.BytesIO(PLAIN), tmp_path)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_what_was_sealed_is_read_whole(tmp_path, size):
    sealed = seal_file(io.BytesIO(PLAIN[:size]), tmp_path)
    with open_sealed(sealed.path, sealed.key) as file:
        assert file.read() == PLAIN[:size]


@pytest.mark.parametrize("start", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, 2 * CHUNK_BYTES + 7, len(PLAIN), len(PLAIN) + 1])
@pytest.mark.parametrize("length", [1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_any_part_is_read(sealed, start, length):
    with open_sealed(sealed.path, sealed.key) as file:
        file.seek(start)
        assert file.read(length) == PLAIN[start : start + length]
        assert file.seek(0, os.SEEK_END) == len(PLAIN)


def cut(data):
    return data[:SEALED_CHUNK_BYTES]


def exchanged(data):
    return (
        data[SEALED_CHUNK_BYTES : 2 * SEALED_CHUNK_BYTES] + data[:SEALED_CHUNK_BYTES] + data[2 * SEALED_CHUNK_BYTES :]
    )


def changed(data):
    return data[:-1] + bytes([data[-1] ^ 1])


def emptied(data):
    return b""


@pytest.mark.parametrize("damage", [cut, exchanged, changed, emptied])
def test_a_changed_file_is_refused(sealed, damage):
    sealed.path.write_bytes(damage(sealed.path.read_bytes()))
    with open_sealed(sealed.path, sealed.key) as file, pytest.raises(DecryptionError):
        file.read()
