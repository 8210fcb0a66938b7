"""The published schema: complete enough that a client can be generated from it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from drf_spectacular import validation
from drf_spectacular.generators import SchemaGenerator

from therapybridge.core import limits
from therapybridge.core.api.document import document
from therapybridge.core.api.examples import EXAMPLES
from therapybridge.core.api.openapi import BINARY

# Objects whose shape is the client's own, or another standard's.
FREE = {
    "Event.metadata": "the client's own",
    "EventRequest.metadata": "the client's own",
    "PatchedEventRequest.metadata": "the client's own",
    "Bundle.identifier": "FHIR",
    "Bundle.meta": "FHIR",
    "BundleEntry.resource": "FHIR",
    "Problem.change": "differs by what was changed",
    "Problem.conflict": "differs by what was changed",
}


def plain(part: Any) -> Any:
    """As it is written, in JSON."""
    return orjson.loads(orjson.dumps(part, default=str))


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path.removeprefix('/api/v1/')}", operation


def headers_of(name: str, status: str) -> set[str]:
    response = dict(operations())[name]["responses"][status]
    if "$ref" in response:
        response = document()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return set(response["headers"])


def is_open(schema: Any) -> bool:
    """Whether anything may stand there."""
    if not isinstance(schema, dict) or {"$ref", "oneOf", "anyOf", "allOf", "enum"} & schema.keys():
        return schema is True
    if schema.get("type") == "array":
        return is_open(schema.get("items", {}))
    if "type" not in schema:
        return True
    inner = schema.get("additionalProperties")
    return schema["type"] == "object" and "properties" not in schema and (inner is None or is_open(inner) or not inner)


def test_it_is_made_without_warnings(capsys):
    SchemaGenerator().get_schema(request=None, public=True)
    assert capsys.readouterr().err == ""


def test_the_document_is_valid():
    rules = orjson.loads((Path(validation.__file__).parent / "openapi_3_1_schema.json").read_bytes())
    jsonschema_rs.validator_for(rules).validate(plain(document()))


def test_each_operation_has_a_short_summary_of_its_own():
    summaries = {name: operation["summary"] for name, operation in operations()}
    assert [name for name, summary in summaries.items() if not 5 < len(summary) <= 110] == []
    assert [summary for summary, times in Counter(summaries.values()).items() if times > 1] == []


def test_each_operation_says_who_may_call_it():
    assert [name for name, operation in operations() if "security" not in operation] == []
    open_ones = {name for name, operation in operations() if operation["security"] == []}
    assert "POST auth/login" in open_ones
    assert {name for name in open_ones if name.startswith("GET")} == {"GET playback/{link}"}


def test_each_operation_describes_refusals_and_defects():
    for name, operation in operations():
        assert {"401", "404", "429", "500", "503"} <= operation["responses"].keys(), name


def test_nothing_is_free_form_whose_shape_is_known():
    found = {
        f"{name}.{field}"
        for name, schema in document()["components"]["schemas"].items()
        for field, one in schema.get("properties", {}).items()
        if is_open(one)
    }
    assert found == FREE.keys()


def test_files_are_binary_in_both_directions():
    listed = dict(operations())
    upload = listed["POST sessions/upload"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    form = document()["components"]["schemas"][upload["$ref"].rpartition("/")[2]]
    assert BINARY.items() <= form["properties"]["file"].items()
    for name, media in (("sessions/{id}/recording", "audio/*"), ("exports/{id}/download", "application/octet-stream")):
        assert listed[f"GET {name}"]["responses"]["200"]["content"][media]["schema"] == BINARY


def test_responses_name_their_headers():
    assert headers_of("GET sessions/{id}", "200") == {"X-Request-ID", *limits.HEADERS}
    assert {"Location", "ETag", "Idempotency-Replayed"} <= headers_of("POST notes", "201")
    assert {"ETag", "Retry-After"} <= headers_of("GET sessions/{id}/progress", "304")
    assert {"ETag", "Content-Range", "Accept-Ranges"} <= headers_of("GET sessions/{id}/recording", "206")
    assert "Content-Range" in headers_of("GET sessions/{id}/recording", "416")
    assert "Retry-After" in headers_of("GET me", "429")


def test_an_address_is_told_where_there_is_one_and_only_for_what_was_created():
    told = {(name, status) for name, one in operations() for status in one["responses"] if located(one, status)}
    assert {("POST sessions", "201"), ("POST sessions/upload", "202"), ("POST exports", "202")} <= told
    assert not [name for name, _ in told if name.startswith("GET") or name.endswith(("/retry", "/confirm"))]


def located(operation: dict[str, Any], status: str) -> bool:
    return "Location" in operation["responses"][status].get("headers", {})


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_is_valid(name):
    rules = {"$ref": f"#/components/schemas/{name}", "components": plain(document()["components"])}
    jsonschema_rs.Draft202012Validator(rules, validate_formats=True).validate(EXAMPLES[name])


def test_examples_of_lists_are_valid():
    found = {
        content["schema"]["$ref"].rpartition("/")[2]: content["example"]
        for _, operation in operations()
        for content in operation["responses"].get("200", {}).get("content", {}).values()
        if "example" in content
    }
    assert {"PaginatedSessionList", "PaginatedPatientRowList"} <= found.keys()
    components = plain(document()["components"])
    for name, example in found.items():
        rules = {"$ref": f"#/components/schemas/{name}", "components": components}
        jsonschema_rs.Draft202012Validator(rules).validate(example)


def test_the_document_names_its_server(settings):
    assert document()["servers"] == [{"url": settings.PUBLIC_URL}]
