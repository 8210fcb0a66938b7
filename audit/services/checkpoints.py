"""Checkpoints: the signed ends of all chains, to be stored outside the database."""

import hmac
from pathlib import Path
from typing import Any

import orjson
from django.utils import timezone

from audit.models import AuditChain
from audit.services.signing import checkpoint_mac
from audit.services.verification import name_of


class InvalidCheckpoint(Exception):
    """The file is not a checkpoint of this installation, or was modified."""


def export() -> bytes:
    """JSON: {at, chains: [{clinic, length, head, at}], signature}."""
    now = timezone.now().isoformat()
    chains = [
        {"clinic": name_of(chain.pk), "length": chain.length, "head": chain.head, "at": now}
        for chain in AuditChain.objects.order_by("pk")
    ]
    content = {"at": now, "chains": chains}
    return orjson.dumps(content | {"signature": checkpoint_mac(content)}, option=orjson.OPT_INDENT_2)


def load(path: Path) -> dict[str, dict[str, Any]]:
    """The entries by clinic; InvalidCheckpoint if the signature is not ours."""
    try:
        content = orjson.loads(path.read_bytes())
        signature = content.pop("signature")
        if not hmac.compare_digest(signature, checkpoint_mac(content)):
            raise InvalidCheckpoint
        return {entry["clinic"]: entry for entry in content["chains"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidCheckpoint from error
