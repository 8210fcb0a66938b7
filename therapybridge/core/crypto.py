"""AES-256-GCM over a ring of keys, and a keyed hash for blind indexes.

A key ring is settings.FIELD_ENCRYPTION_KEYS: `id:base64(32 bytes)` strings. The first (primary) key encrypts, all keys
decrypt: a rotation puts a new key in front and keeps the old ones until every value has been encrypted again.
"""

import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = b"v1"
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class DecryptionError(Exception):
    """A value cannot be decrypted: wrong key, wrong row, or modified bytes. It is never replaced by a blank."""


@dataclass(frozen=True)
class KeyRing:
    """The ciphers by key id, the primary key's id, and the key for blind indexes."""

    primary: str
    ciphers: Mapping[str, AESGCM] = field(repr=False)
    index_key: bytes = field(repr=False)


def parse_keys(lines: Sequence[str]) -> dict[str, bytes]:
    """Key bytes by id, in ring order; ImproperlyConfigured never shows a key."""
    keys: dict[str, bytes] = {}
    for position, line in enumerate(lines, start=1):
        key_id, _, encoded = line.strip().partition(":")
        if not KEY_ID.fullmatch(key_id):
            raise ImproperlyConfigured(
                f"Encryption key {position} needs the form id:base64, with an id of A-Z a-z 0-9 _ -."
            )
        if key_id in keys:
            raise ImproperlyConfigured(f"Encryption key id {key_id!r} is used twice.")
        keys[key_id] = decode_key(encoded, f"Encryption key {key_id!r}")
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty: at least one key is needed.")
    return keys


def decode_key(encoded: str, name: str) -> bytes:
    """Decode a 32-byte key from base64; `name` appears in errors."""
    try:
        key = binascii.a2b_base64(encoded.encode(), strict_mode=True)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not base64.") from None
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} has {len(key)} bytes; {KEY_BYTES} are needed.")
    return key


def key_ring() -> KeyRing:
    """The key ring of the current settings, cached until they change."""
    return _build_ring(tuple(settings.FIELD_ENCRYPTION_KEYS), getattr(settings, "BLIND_INDEX_KEY", "") or "")


@lru_cache(maxsize=1)
def _build_ring(lines: tuple[str, ...], blind_index_key: str) -> KeyRing:
    keys = parse_keys(lines)
    # Blind indexes and the MACs of the audit trail must survive a rotation. The default root is the last key, which is
    # another one as soon as a key is added at the end: before that, the only key's base64 must become BLIND_INDEX_KEY.
    root = decode_key(blind_index_key, "BLIND_INDEX_KEY") if blind_index_key else list(keys.values())[-1]
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"therapybridge blind index").derive(root)
    return KeyRing(next(iter(keys)), {key_id: AESGCM(key) for key_id, key in keys.items()}, derived)


def seal(plain: bytes, aad: bytes) -> bytes:
    """Encrypt and bind to `aad`: b"v1.<key id>." + nonce + ciphertext and tag."""
    ring = key_ring()
    nonce = os.urandom(NONCE_BYTES)
    sealed = ring.ciphers[ring.primary].encrypt(nonce, plain, aad)
    return b"%b.%b.%b%b" % (VERSION, ring.primary.encode(), nonce, sealed)


def unseal(blob: bytes, aad: bytes) -> bytes:
    """Decrypt; DecryptionError for an unknown key, another `aad` or modified bytes."""
    key_id, body = _split(blob)
    cipher = key_ring().ciphers.get(key_id)
    if cipher is None:
        raise DecryptionError(f"Key {key_id!r} is not in the ring.")
    try:
        return cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], aad)
    except (InvalidTag, ValueError):
        raise DecryptionError("The value was modified, moved to another row, or encrypted with another key.") from None


def key_id_of(blob: bytes) -> str:
    """The id of the key that encrypted the value; DecryptionError if it is not encrypted."""
    return _split(blob)[0]


def is_current(blob: bytes) -> bool:
    """Whether the value is encrypted with the primary key, so that a rotation can skip it."""
    return key_id_of(blob) == key_ring().primary


def current_prefix() -> bytes:
    """The prefix of all values encrypted with the primary key; queries find the others by it."""
    return b"%b.%b." % (VERSION, key_ring().primary.encode())


def _split(blob: bytes) -> tuple[str, bytes]:
    version, _, rest = blob.partition(b".")
    key_id, dot, body = rest.partition(b".")
    name = key_id.decode("ascii", "replace")
    if version != VERSION or not dot or not KEY_ID.fullmatch(name):
        raise DecryptionError("This is not an encrypted value.")
    return name, body


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 in hex for blind indexes; stable under key rotation, different per purpose."""
    message = purpose.encode() + b"\0" + value.encode()
    return hmac.new(key_ring().index_key, message, hashlib.sha256).hexdigest()
