"""Answers to what cannot be read as a request, and reaches no application: a problem for the API, else a sentence."""

from http import HTTPStatus
from uuid import uuid4

from django.http import HttpRequest
from waitress.task import ErrorTask

from therapybridge.core.errors import DomainError, InvalidInput

KNOWN: dict[int, DomainError] = {
    400: InvalidInput("The request is malformed."),
    431: DomainError(
        "The lines before the body are longer than is taken. Send fewer or shorter headers.",
        code="headers_too_long",
        status=431,
    ),
    501: DomainError("This transfer encoding is not supported.", code="not_implemented", status=501),
}


class PlainError(ErrorTask):
    """Waitress's, in the form of our other answers."""

    def execute(self) -> None:
        """Answer, and close the connection: where the next request begins is not known."""
        from therapybridge.core.problems import API_PREFIX, ServerError, problem_json  # gunicorn loads us before Django

        error = KNOWN.get(self.request.error.code) or ServerError()
        if self.request.first_path.startswith(API_PREFIX):
            asked = HttpRequest()
            asked.request_id = str(uuid4())  # type: ignore[attr-defined]
            answer = problem_json(asked, error)
            body, kind = answer.content, answer.headers["Content-Type"]
        else:
            body, kind = f"{error.detail}\n".encode(), "text/plain; charset=utf-8"
        self.status = f"{error.status} {HTTPStatus(error.status).phrase}"
        self.response_headers += [("Content-Type", kind), ("X-Content-Type-Options", "nosniff")]
        self.response_headers.append(("Cache-Control", "no-store"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
