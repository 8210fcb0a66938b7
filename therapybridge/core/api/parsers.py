"""Strict JSON parsing, so that everything accepted can be serialized again."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from therapybridge.core.errors import TooLarge


class OrjsonParser(BaseParser):
    """UTF-8 only, without NaN, infinity or lone surrogates, and with bounded depth."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Parse the body; 400 for invalid JSON, 413 for more than DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read() if limit is None else stream.read(limit + 1)
        if limit is not None and len(body) > limit:
            raise TooLarge("The request is too large.")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            # The parser's message gives the position, but may also quote the input, which must not be exposed.
            raise ParseError("The body is not valid JSON.") from None
