"""Serving a private file, in full or one range of it (RFC 9110, sections 13 and 14), 64 kB at a time."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import content_disposition_header, http_date, parse_etags

from therapybridge.core.errors import NotFound

CHUNK_BYTES = 64 * 1024
RANGE = re.compile(r"bytes=\s*(\d{0,19})-(\d{0,19})\s*", re.ASCII)


class FileBody(StreamingHttpResponse):
    """An open file from where it stands, as many bytes as Content-Length says; it is closed in the end.

    A server with `wsgi.file_wrapper` reads the file itself as fast as the client does, and keeps no thread for it.
    """

    block_size = CHUNK_BYTES

    def __init__(self, file: BinaryIO, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.streaming_content = _Slice(file, int(self.headers["Content-Length"]))
        self.file_to_stream = file


@dataclass(frozen=True)
class _Span:
    start: int
    length: int


class _Unsatisfiable(Exception):
    """The range starts after the end of the file."""


class _Slice:
    """Yields so many bytes of a file; closed by the response even if nothing was read."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self.file = file
        self.left = length
        self.close = file.close  # as it is: Django's handler makes the file's own close the response

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = self.file.read(min(CHUNK_BYTES, self.left))
        if not chunk:
            raise StopIteration
        self.left -= len(chunk)
        return chunk


def ranged_file_response(
    request: HttpRequest,
    path: Path,
    content_type: str,
    filename: str | None = None,
    before_answer: Callable[[bool], object] = bool,
) -> HttpResponseBase:
    """Respond 200 or 206, 304 if the caller has the file, or 416 for a range beyond its end.

    With `filename` it is a download. Several ranges in one request get the whole file, as the RFC allows. NotFound if
    the file is missing.
    `before_answer` is told whether any byte of the file will be sent; if it raises, none is.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise NotFound from None
    facts = os.fstat(file.fileno())
    headers = _headers(facts, content_type, filename)
    with ExitStack() as unsent:
        unsent.callback(file.close)
        if _is_known(request, headers["ETag"]):
            before_answer(False)
            return HttpResponseNotModified(headers={"ETag": headers["ETag"], "Last-Modified": headers["Last-Modified"]})
        try:
            span = _wanted(request, facts.st_size, headers)
        except _Unsatisfiable:
            before_answer(False)
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{facts.st_size}"})
        before_answer(request.method == "GET")
        unsent.pop_all()
    part = span or _Span(0, facts.st_size)
    file.seek(part.start)
    answered = {"Content-Length": str(part.length)} | _content_range(span, facts.st_size) | headers
    if request.method == "HEAD":
        file.close()
        return HttpResponse(headers=answered)
    return FileBody(file, status=206 if span else 200, headers=answered)


def _headers(facts: os.stat_result, content_type: str, filename: str | None) -> dict[str, str]:
    return {
        "Content-Type": content_type,
        "Accept-Ranges": "bytes",
        "ETag": f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"',
        "Last-Modified": http_date(facts.st_mtime),
        "Content-Disposition": content_disposition_header(bool(filename), filename or "") or "inline",
    }


def _is_known(request: HttpRequest, etag: str) -> bool:
    """Whether If-None-Match names the file as it is now, compared weakly."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return known == ["*"] or etag in {one.removeprefix("W/") for one in known}


def _wanted(request: HttpRequest, size: int, headers: dict[str, str]) -> _Span | None:
    """The requested range; None for the whole file."""
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range")
    if (
        request.method != "GET"
        or not match
        or (condition and condition not in {headers["ETag"], headers["Last-Modified"]})
    ):
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:  # the last n bytes
        return _checked(max(size - int(last), 0), size - 1, size)
    if last and int(last) < int(first):
        return None
    return _checked(int(first), min(int(last or size), size - 1), size)


def _checked(start: int, end: int, size: int) -> _Span:
    if start >= size:
        raise _Unsatisfiable
    return _Span(start, end - start + 1)


def _content_range(span: _Span | None, size: int) -> dict[str, str]:
    return {"Content-Range": f"bytes {span.start}-{span.start + span.length - 1}/{size}"} if span else {}
