"""The official JSON Schema of FHIR R4, to check bundles against.

fhir-r4.schema.json.gz is fhir.schema.json of the specification 4.0.1, unchanged but for compression. HL7 publishes it
under CC0 (http://hl7.org/fhir/R4/license.html).
"""

import gzip
import hashlib
import json
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema_rs

SHA_256 = "15b9548af6412c44faaa411456e0652542de286fd1c58ef882b09bdc8947909d"


@cache
def _schema() -> dict[str, Any]:
    content = gzip.decompress((Path(__file__).parent / "fhir-r4.schema.json.gz").read_bytes())
    assert hashlib.sha256(content).hexdigest() == SHA_256
    return json.loads(content)


@cache
def _validator(kind: str) -> Any:
    """Of one resource type: the schema as a whole tries all of them for each resource."""
    whole = _schema()
    rules = {"$schema": whole["$schema"], "$ref": f"#/definitions/{kind}", "definitions": whole["definitions"]}
    return jsonschema_rs.validator_for(rules)


def errors_of(resource: dict[str, Any]) -> list[str]:
    """What the schema has against a resource."""
    kind = resource["resourceType"]
    return [f"{kind} {list(error.instance_path)}: {error.message}" for error in _validator(kind).iter_errors(resource)]


def parsed(resource: dict[str, Any]) -> Any:
    """The resource as fhir.resources reads it. It has no plain R4; R4B differs in none of the types that we use."""
    kind = resource["resourceType"]
    return getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind).model_validate(resource)
