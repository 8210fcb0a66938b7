"""Examples of bodies in the schema, by component; examples.json holds them, and a test validates each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

EXAMPLES: dict[str, Any] = orjson.loads(Path(__file__).with_name("examples.json").read_bytes())

READ_AT = "2026-11-20T15:19:00.000000Z"


def add_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Schema post-processing hook: put each example, and lists of one, wherever their component is a body."""
    known = EXAMPLES | _lists(result["components"]["schemas"])
    for content in _contents(result["paths"]):
        if (example := known.get(_component(content.get("schema", {})))) is not None:
            content["example"] = example
    return result


def _lists(schemas: dict[str, Any]) -> dict[str, Any]:
    """One page of one row, for each kind of list whose rows have an example."""
    found = {}
    for name, schema in schemas.items():
        row = _component(schema.get("properties", {}).get("results", {}).get("items", {}))
        if name.startswith("Paginated") and row in EXAMPLES and "events" not in schema["properties"]:
            ends = {"next": None, "next_cursor": None, "previous": None, "total_count": None}
            changes = {"next_updated_since": READ_AT} if "next_updated_since" in schema["properties"] else {}
            found[name] = {"results": [EXAMPLES[row]], **ends, **changes}
    return found


def _contents(paths: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in paths.values():
        for operation in methods.values():
            for body in (operation.get("requestBody", {}), *operation["responses"].values()):
                yield from body.get("content", {}).values()


def _component(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
