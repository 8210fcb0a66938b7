"""Strict JSON parsing, so that everything accepted can be serialized again."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from therapybridge.core.errors import TooLarge

MAX_BYTES = 256 * 1024  # unless the view takes more and says so
LONG_TEXTS = 2_500 * 1024  # of a note or a template, which can have a hundred fields
MAX_DEPTH = 64  # of lists and objects in each other; what comes after the parser walks them by recursion


class OrjsonParser(BaseParser):
    """UTF-8 only, without NaN, infinity or lone surrogates, and with bounded size and depth.

    A view whose bodies may be larger has `max_json_bytes`.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Parse the body; 400 for invalid JSON, 413 for more bytes than the view takes."""
        limit = getattr((parser_context or {}).get("view"), "max_json_bytes", MAX_BYTES)
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge(f"The request is larger than {limit // 1024} kB.")
        try:
            data = orjson.loads(body)
        except orjson.JSONDecodeError:
            # The parser's message gives the position, but may also quote the input, which must not be exposed.
            raise ParseError("The body is not valid JSON.") from None
        if _is_too_deep(data):
            raise ParseError(f"The body has more than {MAX_DEPTH} lists and objects in each other.")
        return data


def _is_too_deep(data: Any) -> bool:
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [part for whole in level for part in _parts(whole) if isinstance(part, dict | list)]
    return bool(level)


def _parts(whole: Any) -> Iterable[Any]:
    """What a list or an object consists of; nothing of anything else."""
    if isinstance(whole, dict):
        return whole.values()
    return whole if isinstance(whole, list) else ()
