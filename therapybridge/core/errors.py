"""Domain errors: every error a user can meet, typed here and translated to responses in problems.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from therapybridge.core.dates import zoned

FieldErrors = Mapping[str, Sequence[str]]


class DomainError(Exception):
    """An error with a stable code, an HTTP status and a message for people.

    `errors` maps field names to messages; `retry_after` is in seconds; `headers` are added to the response, and
    `extensions`, members of its kind alone, to the problem (RFC 9457 3.2).
    """

    code = "error"
    status = 400
    title = "The request could not be carried out"
    retriable = False
    extensions: Mapping[str, object] = {}

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        status: int | None = None,
        errors: FieldErrors | None = None,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.detail = detail or self.title
        self.code = code or self.code
        self.status = status or self.status
        self.errors = errors
        self.retry_after = retry_after
        self.headers = headers or {}
        super().__init__(self.detail)


class InvalidInput(DomainError):
    """The request was understood but its content is invalid."""

    code = "invalid"
    title = "Some of the input is invalid"


class Forbidden(DomainError):
    """The row is visible, but the operation is not allowed."""

    code = "forbidden"
    status = 403
    title = "You are not allowed to do this"


class ConsentRequired(Forbidden):
    """The patient has no live consent."""

    code = "consent_required"
    title = "The patient's consent is missing"


class NotFound(DomainError):
    """No such row, or not visible to this user."""

    code = "not_found"
    status = 404
    title = "Not found"


class Conflict(DomainError):
    """The row's current state does not allow this."""

    code = "conflict"
    status = 409
    title = "This is not possible in the current state"


class EditConflict(Conflict):
    """The row is not as it was read any more: who changed it when, and what it is now.

    `row` has `revision`, `changed_by` and `updated_at`, and a `status` or none.
    """

    code = "edit_conflict"

    def __init__(self, row: Any, noun: str) -> None:
        who = row.changed_by.full_name if row.changed_by else None
        change = {"by": who, "at": row.updated_at, "revision": row.revision}
        now = "Read it again."
        if hasattr(row, "status"):
            change["status"] = row.status
            now = f"It is now: {row.get_status_display().lower()}."
        self.extensions = {"change": change}
        super().__init__(f"{who or 'Someone'} changed this {noun} on {zoned(row.updated_at)}. {now}")


class TooLarge(DomainError):
    """More bytes than the limit allows."""

    code = "too_large"
    status = 413
    title = "The file is too large"


class UnsupportedMedia(DomainError):
    """The content is of a type that is not accepted."""

    code = "unsupported_media"
    status = 415
    title = "This type of file is not accepted"


class Unprocessable(DomainError):
    """Well-formed and of the right type, but unusable."""

    code = "unprocessable"
    status = 422
    title = "The content cannot be used"


class RateLimited(DomainError):
    """Too many requests; `retry_after` says when to try again."""

    code = "rate_limited"
    status = 429
    title = "Too many requests"
    retriable = True


class Unavailable(DomainError):
    """A required component is not responding."""

    code = "unavailable"
    status = 503
    title = "This is currently unavailable"
    retriable = True
