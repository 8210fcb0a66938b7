"""The DomainError family: every refusal a user can meet, typed once and translated once (see problems.py)."""

from collections.abc import Mapping, Sequence

FieldErrors = Mapping[str, Sequence[str]]


class DomainError(Exception):
    """A refusal with a stable code, an HTTP status and one human sentence.

    `errors` maps field names to sentences; `retry_after` is in seconds, `headers` go out with the answer.
    """

    code = "error"
    status = 400
    title = "The request could not be carried out"
    retriable = False

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
    """The request was understood and its content is wrong."""

    code = "invalid"
    title = "Some of the input is not valid"


class Forbidden(DomainError):
    """The row may be seen, the verb is not allowed."""

    code = "forbidden"
    status = 403
    title = "You may not do this"


class ConsentRequired(Forbidden):
    """A live consent of the patient is missing."""

    code = "consent_required"
    title = "The patient's consent is missing"


class NotFound(DomainError):
    """No such row for this reader."""

    code = "not_found"
    status = 404
    title = "Not found"


class Conflict(DomainError):
    """The row is in a state that does not allow this."""

    code = "conflict"
    status = 409
    title = "This cannot be done in the present state"


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
    """Well-formed, of the right type, and still unusable."""

    code = "unprocessable"
    status = 422
    title = "The content cannot be used"


class RateLimited(DomainError):
    """Too many requests; `retry_after` says when to come back."""

    code = "rate_limited"
    status = 429
    title = "Too many requests"
    retriable = True


class Unavailable(DomainError):
    """A part that is needed does not answer at the moment."""

    code = "unavailable"
    status = 503
    title = "This is not available at the moment"
    retriable = True
