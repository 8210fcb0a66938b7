"""JSON in: one strict reading, so that what was taken in can always be written out again."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from therapybridge.core.errors import TooLarge


class OrjsonParser(BaseParser):
    """UTF-8 only; no NaN or infinity, no lone surrogates, and a depth that cannot exhaust the stack."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value; 400 for what is no JSON, 413 for more than DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read() if limit is None else stream.read(limit + 1)
        if limit is not None and len(body) > limit:
            raise TooLarge("The request is too large.")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            # Its message quotes the position, which helps, and could quote the input, which must not leave.
            raise ParseError("The body is not valid JSON.") from None
