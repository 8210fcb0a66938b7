"""The record as JSON, by the published schema."""

from pathlib import Path
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from exports.builders.schema import completed
from exports.records.record import FORMAT_VERSION, Record

ADAPTER = TypeAdapter(Record)
SCHEMA_FILE = Path(__file__).resolve().parents[1] / "record.schema.json"
SCHEMA_ID = f"urn:therapybridge:record:{FORMAT_VERSION}"


def build(record: Record, file: BinaryIO) -> None:
    """Write the record as UTF-8 JSON."""
    file.write(ADAPTER.dump_json(record, indent=1))


def schema() -> dict[str, Any]:
    """The JSON Schema of a record (2020-12), with the version of the format."""
    described = completed(ADAPTER.json_schema(mode="serialization"))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, "version": FORMAT_VERSION}
    return head | described
