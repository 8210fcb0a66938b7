"""Idempotent POSTs: a repeat with the same Idempotency-Key returns the first response and changes nothing."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import orjson
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from therapybridge.core.api.renderers import to_json
from therapybridge.core.errors import Conflict, InvalidInput, Unprocessable
from therapybridge.core.fields import EncryptedTextField

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,100}")
# A request older than this lost its process; the next one with its key may start over.
IN_PROGRESS_FOR = timedelta(minutes=5)
REMEMBERED_FOR = timedelta(hours=24)
RETRY_SECONDS = 2


class InProgress(Conflict):
    """The first request with this key is still in progress."""

    code = "idempotency_in_progress"
    title = f"The first request with this {HEADER} is still in progress"
    retriable = True


Operation = Callable[[], tuple[int, dict[str, Any]]]
Check = Callable[[dict[str, Any]], object]


def fingerprint_of(fields: Mapping[str, Any], *parts: str) -> str:
    """A SHA-256 over the body's fields, in any order, and `parts` such as a file's hash."""
    # The standard encoder escapes non-ASCII, so that lone surrogates work too.
    body = json.dumps([dict(fields), *parts], default=str, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def idempotent(
    request: HttpRequest | Request,
    route: str,
    fingerprint: str,
    operation: Operation,
    *,
    before_repeat: Check | None,
) -> Response:
    """Run `operation`, which returns status and body, once per key, and store its response in the same transaction.

    Before a stored response is repeated, `before_repeat` gets its body; it raises if the person may no longer see it,
    and puts on record that it is read again. None if it is about nobody. Without the header, `operation` simply runs.

    Raises InvalidInput for a malformed key, Unprocessable (idempotency_mismatch) for the same key with another body,
    InProgress while the first request is running. If `operation` raises, the key can be used again.
    """
    key = request.headers.get(HEADER)
    if key is None:
        status, body = operation()
        return Response(body, status=status)
    if not KEY.fullmatch(key):
        raise InvalidInput(f"{HEADER} must be 1 to 100 visible ASCII characters.", code="invalid_idempotency_key")
    record = _claim(request.user, route, key, fingerprint)
    return _replayed(record, before_repeat) if record.status is not None else _first_answer(record, operation)


def _model() -> Any:
    """The model named by a setting, like the user model: core has no models of its own."""
    return apps.get_model(settings.IDEMPOTENCY_MODEL)


def _claim(user: Any, route: str, key: str, fingerprint: str) -> Any:
    """A new record owned by this request, or the answered one of an earlier request."""
    _forget_stale(user, route, key)
    try:
        with transaction.atomic():
            return _model()._default_manager.create(user=user, route=route, key=key, fingerprint=fingerprint)
    except IntegrityError:
        earlier = _model()._default_manager.filter(user=user, route=route, key=key).first()
    if earlier is not None and earlier.fingerprint != fingerprint:
        raise Unprocessable(f"This {HEADER} was used with a different request.", code="idempotency_mismatch")
    if earlier is None or earlier.status is None:
        raise InProgress(retry_after=RETRY_SECONDS)
    return earlier


def _forget_stale(user: Any, route: str, key: str) -> None:
    same, now = _model()._default_manager.filter(user=user, route=route, key=key), timezone.now()
    same.filter(status=None, created_at__lt=now - IN_PROGRESS_FOR).delete()
    same.filter(created_at__lt=now - REMEMBERED_FOR).delete()


def _first_answer(record: Any, operation: Operation) -> Response:
    try:
        with transaction.atomic():
            status, body = operation()
            _keep(record, status, body)
    except BaseException:
        _model()._default_manager.filter(pk=record.pk, status=None).delete()
        raise
    return Response(body, status=status)


def _keep(record: Any, status: int, body: dict[str, Any]) -> None:
    """Store the response; if another request has taken over the record, raise, so that this one is rolled back."""
    field = _model()._meta.get_field("body")
    assert isinstance(field, EncryptedTextField)  # noqa: S101 (for the type checker)
    sealed = field.seal(to_json(body).decode(), record.pk)
    mine = _model()._default_manager.filter(pk=record.pk, status=None)
    if not mine.update(status=status, body=sealed):
        raise InProgress(retry_after=RETRY_SECONDS)


def _replayed(record: Any, before_repeat: Check | None) -> Response:
    body = orjson.loads(record.body or "null")
    if before_repeat is not None:
        before_repeat(body)
    return Response(body, status=record.status, headers={"Idempotency-Replayed": "true"})
