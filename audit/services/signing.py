"""The codes that hold the trail together: HMAC-SHA256 under keys of their own, stable when the key ring is rotated."""

import hashlib
import hmac
import ipaddress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit.models import AuditEvent, AuditLink, AuditTombstone
from therapybridge.core.crypto import KEY_BYTES, key_ring

# The columns that a version covers. A new column means a new version: links of an old one stay as they were made.
VERSION = 1
COLUMNS = {
    1: (
        *("id", "created_at", "clinic_id", "actor_id", "action", "target_type", "target_id", "patient_id", "ids"),
        *("grant_id", "outcome", "reason", "request_id", "ip", "user_agent", "changed"),
    )
}


def row_mac(event: AuditEvent, version: int = VERSION) -> str:
    """The code of everything an event says, its id and clinic included; "" when a column holds what it cannot."""
    try:
        return _mac("row", canonical(event, version))
    except (ValueError, TypeError, KeyError):
        return ""


def chain_mac(previous: str, link: AuditLink) -> str:
    """The code of a link and of all links before it."""
    parts = [previous, link.row_mac, link.position, link.clinic_id, link.version, _plain(link.sealed_at)]
    return _mac("chain", orjson.dumps([str(part) for part in parts]))


def tombstone_mac(stone: AuditTombstone) -> str:
    """The signature of a removal."""
    parts = [stone.clinic_id, stone.first, stone.last, stone.chain_mac, _plain(stone.removed_at)]
    return _mac("tombstone", orjson.dumps([str(part) for part in parts]))


def checkpoint_mac(content: Any) -> str:
    """The signature of an exported checkpoint."""
    return _mac("checkpoint", orjson.dumps(content, option=orjson.OPT_SORT_KEYS))


def canonical(event: AuditEvent, version: int = VERSION) -> bytes:
    """The same bytes before the insert and after it, on every database: sorted, times in UTC to the microsecond."""
    values = {name: _plain(getattr(event, name)) for name in COLUMNS[version]}
    if values["ip"]:
        values["ip"] = str(ipaddress.ip_address(values["ip"]))
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value


def _mac(purpose: str, message: bytes) -> str:
    return hmac.new(_key(purpose, key_ring().index_key), message, hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _key(purpose: str, root: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"therapybridge audit {purpose}".encode()).derive(root)
