"""AES-256-GCM over a ring of keys, and a keyed hash for blind indexes.

A key ring is settings.FIELD_ENCRYPTION_KEYS: `id:base64(32 bytes)` strings. The first key seals, every key opens, so a
rotation puts a new key in front and keeps the old ones until every row is sealed again.
"""

import binascii
import hashlib
import hmac
import os
import re
from base64 import b64decode, b64encode
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
    """A sealed value does not open: wrong key, wrong row, or altered bytes. Never answered with a blank."""


@dataclass(frozen=True)
class KeyRing:
    """The ciphers by key id, the id that seals, and the key of the blind indexes."""

    primary: str
    ciphers: Mapping[str, AESGCM] = field(repr=False)
    index_key: bytes = field(repr=False)


def parse_keys(lines: Sequence[str]) -> dict[str, bytes]:
    """Key bytes by id, in ring order; ImproperlyConfigured says what is wrong and never shows a key."""
    keys: dict[str, bytes] = {}
    for position, line in enumerate(lines, start=1):
        key_id, _, encoded = line.strip().partition(":")
        if not KEY_ID.fullmatch(key_id):
            raise ImproperlyConfigured(
                f"Encryption key {position} needs the form id:base64, the id of A-Z a-z 0-9 _ -."
            )
        if key_id in keys:
            raise ImproperlyConfigured(f"Encryption key id {key_id!r} is used twice.")
        keys[key_id] = decode_key(encoded, f"Encryption key {key_id!r}")
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty: at least one key is needed.")
    return keys


def decode_key(encoded: str, name: str) -> bytes:
    """The 32 bytes behind a base64 string; `name` is what the error calls it."""
    try:
        key = binascii.a2b_base64(encoded.encode(), strict_mode=True)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not base64.") from None
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} has {len(key)} bytes, {KEY_BYTES} are needed.")
    return key


def key_ring() -> KeyRing:
    """The ring of the present settings; parsed once, and again when the settings change."""
    return _build_ring(tuple(settings.FIELD_ENCRYPTION_KEYS), getattr(settings, "BLIND_INDEX_KEY", "") or "")


@lru_cache(maxsize=1)
def _build_ring(lines: tuple[str, ...], blind_index_key: str) -> KeyRing:
    keys = parse_keys(lines)
    # A blind index must survive a rotation, so its default root is the oldest key, which a rotation leaves in the last
    # place. Before that key is dropped from the ring, its base64 becomes BLIND_INDEX_KEY: the hashes stay the same.
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
    """The plain bytes; DecryptionError for an unknown key, another `aad` or altered bytes."""
    key_id, body = _split(blob)
    cipher = key_ring().ciphers.get(key_id)
    if cipher is None:
        raise DecryptionError(f"No key {key_id!r} in the ring.")
    try:
        return cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], aad)
    except (InvalidTag, ValueError):
        raise DecryptionError("The value was altered, moved to another row, or sealed with another key.") from None


def key_id_of(blob: bytes) -> str:
    """The id of the key that sealed the value; DecryptionError for what was never sealed."""
    return _split(blob)[0]


def is_current(blob: bytes) -> bool:
    """Whether the value was sealed with the primary key (a rotation skips it then)."""
    return key_id_of(blob) == key_ring().primary


def current_prefix() -> bytes:
    """What every value begins with that the primary key sealed: the database finds the others by it."""
    return b"%b.%b." % (VERSION, key_ring().primary.encode())


def seal_text(plain: str, aad: bytes) -> str:
    """`seal` for a column that holds text, such as a string inside JSON."""
    return b64encode(seal(plain.encode(), aad)).decode()


def unseal_text(sealed: str, aad: bytes) -> str:
    """The inverse of `seal_text`; DecryptionError like `unseal`, never the text as it was given."""
    return unseal(sealed_bytes(sealed), aad).decode()


def sealed_bytes(sealed: str) -> bytes:
    """The value behind a `seal_text`; DecryptionError for other text."""
    try:
        return b64decode(sealed.encode())
    except ValueError:
        raise DecryptionError("This is not a sealed value.") from None


def _split(blob: bytes) -> tuple[str, bytes]:
    version, _, rest = blob.partition(b".")
    key_id, dot, body = rest.partition(b".")
    name = key_id.decode("ascii", "replace")
    if version != VERSION or not dot or not KEY_ID.fullmatch(name):
        raise DecryptionError("This is not a sealed value.")
    return name, body


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 in hex, for equality look-ups of secret values; stable under key rotation, different per purpose."""
    message = purpose.encode() + b"\0" + value.encode()
    return hmac.new(key_ring().index_key, message, hashlib.sha256).hexdigest()
