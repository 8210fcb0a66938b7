"""How long the body of a request may become: known from its address, before any of it is read."""

import errno
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from therapybridge.core.errors import DomainError, TooLarge, Unavailable

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FORM_BYTES = 1024 * 1024  # for the other fields of a form that takes a file
REFUSAL = "therapybridge.refusal"  # in the environment of a request whose body the server has thrown away
View = TypeVar("View", bound=Callable[..., Any])


def takes_file(max_bytes: int) -> Callable[[View], View]:
    """Mark a page, or an action of the API, that takes a file of so many bytes; no other one takes any."""

    def marked(view: View) -> View:
        view.file_bytes = max_bytes  # type: ignore[attr-defined]
        return view

    return marked


def file_bytes(view: Callable[..., Any], method: str) -> int:
    """How long a file the view takes; 0: none."""
    action = getattr(view, "actions", {}).get(method.lower())  # of a view set of the API
    handler = getattr(view.cls, action) if action else view  # type: ignore[attr-defined]
    return getattr(handler, "file_bytes", 0)


def announced_bytes(environment: Mapping[str, Any]) -> int:
    """How long the file of a form must at least be, by the length of the whole body."""
    return max(0, int(environment.get("CONTENT_LENGTH") or 0) - FORM_BYTES)


def longest_body(path: str, method: str) -> int:
    """How many bytes the whole body may have, whatever it consists of."""
    without_file = int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    try:
        file = file_bytes(resolve(path).func, method)
    except Resolver404:
        return without_file
    return max(without_file, file and file + FORM_BYTES)


def refusal_of(request: HttpRequest) -> DomainError | None:
    """Why the server has thrown the body away; None if it has not."""
    reason = request.META.get(REFUSAL)
    if reason == "storage_full":
        return storage_full()
    return TooLarge("This is more than can be sent to this address.") if reason else None


def storage_full() -> Unavailable:
    """Nothing can be written at the moment."""
    detail = "There is not enough space for the file. Nothing was stored; ask your administrator to free up space."
    return Unavailable(detail, code="storage_full", retry_after=60)
