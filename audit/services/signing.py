"""MACs of the audit trail: HMAC-SHA256 with keys of their own, unaffected by rotation of the key ring."""

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit.models import AuditEvent, AuditLink, AuditTombstone
from therapybridge.core.crypto import KEY_BYTES, key_ring

# The columns covered by each version. A new column needs a new version: existing links keep theirs.
VERSION = 2
_FIRST = (
    *("id", "created_at", "clinic_id", "actor_id", "action", "target_type", "target_id", "patient_id", "ids"),
    *("grant_id", "outcome", "reason", "request_id", "ip", "user_agent", "changed"),
)
COLUMNS = {1: _FIRST, 2: (*_FIRST, "preceding")}


def row_mac(event: AuditEvent, version: int = VERSION) -> str:
    """The MAC over an event's columns, including id and clinic; "" if a column holds an impossible value."""
    try:
        return _mac("row", canonical(event, version))
    except (ValueError, TypeError, KeyError):
        return ""


def chain_mac(previous: str, link: AuditLink) -> str:
    """The MAC over a link and, through `previous`, all links before it."""
    parts = [previous, link.row_mac, link.position, link.clinic_id, link.version, _plain(link.sealed_at)]
    return _mac("chain", orjson.dumps([str(part) for part in parts]))


def tombstone_mac(stone: AuditTombstone) -> str:
    """The signature of a removal."""
    parts = [stone.clinic_id, stone.first, stone.last, stone.chain_mac, _plain(stone.removed_at)]
    return _mac("tombstone", orjson.dumps([str(part) for part in parts]))


def attest(rows: Iterable[Mapping[str, Any]]) -> str:
    """A MAC over rows of another table, for an event that vouches for them; the order of columns does not matter."""
    plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return _mac("attested", orjson.dumps(plain, option=orjson.OPT_SORT_KEYS))


def checkpoint_mac(content: Any) -> str:
    """The signature of an exported checkpoint."""
    return _mac("checkpoint", orjson.dumps(content, option=orjson.OPT_SORT_KEYS))


def canonical(event: AuditEvent, version: int = VERSION) -> bytes:
    """Canonical bytes, the same before and after the insert on every database: sorted keys, UTC microseconds."""
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
