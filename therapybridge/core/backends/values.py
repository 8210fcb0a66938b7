"""Values of a cache as JSON: who can write to a cache could run code in whatever reads pickles from it."""

import json
from typing import Any


class JsonValues:
    """The `serializer` of Django's Redis cache; a counter is a number as Redis itself counts."""

    @staticmethod
    def dumps(value: Any) -> str:
        """TypeError for what JSON has no form for, such as a moment."""
        return json.dumps(value, allow_nan=False)

    @staticmethod
    def loads(data: bytes | str) -> Any:
        """The value; a tuple comes back as a list."""
        return json.loads(data)
