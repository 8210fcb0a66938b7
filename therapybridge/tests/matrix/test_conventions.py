"""Conventions of all API endpoints, tested at each of them by a permitted person."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.db import transaction

from therapybridge.core.api.document import document
from therapybridge.core.pagination import ENVELOPE
from therapybridge.tests.matrix import listing
from therapybridge.tests.matrix.asking import Asker
from therapybridge.tests.matrix.cells import TOKEN, Cell
from therapybridge.tests.matrix.judging import Judge

pytestmark = [pytest.mark.django_db, pytest.mark.matrix, pytest.mark.any_database]

NOT_OPERATIONS = {"api/v1/schema", "api/v1/docs"}
PLACE = re.compile(r"<(?:id|slug|int|secret):(\w+)>")
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
ONE_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
ENTRIES = [
    entry for entry in listing.entries().values() if entry.surface == "api" and entry.route not in NOT_OPERATIONS
]
WRITES = [entry for entry in ENTRIES if entry.method in {"POST", "PUT", "PATCH"}]
JSON = ("application/json", "application/fhir+json")
ACCEPTED = ["application/problem+json", "text/event-stream", "application/xml;q=0.9", "*/*", "nonsense"]


def named(entry: Any) -> str:
    return f"{entry.method} {entry.route}"


def at(entries: list[listing.Entry]) -> Any:
    """One test per operation."""
    return pytest.mark.parametrize("entry", entries, ids=named)


def cell_of(entry: listing.Entry, **changes: Any) -> Cell:
    """A request that succeeds if sent unchanged."""
    allowed = [who for who, answer in entry.rule.answers.items() if answer == "ok"]
    who = "assigned" if "assigned" in allowed else allowed[0]
    return Cell(entry, who, TOKEN, "ok", changes=changes)


def sent(asker: Asker, cell: Cell, **changes: Any) -> Any:
    """The response, with all changes rolled back; `query`, `headers` and `path` replace parts of the request."""
    request = asker.request_of(cell, set())
    path = changes.get("path", str)(request.path) + changes.get("query", "")
    with transaction.atomic():
        response = asker.send(cell, replace(request, path=path, headers=request.headers | changes.get("headers", {})))
        response.content_seen = response.getvalue()
        transaction.set_rollback(True)
    return response


def refused_names(response: Any) -> list[str]:
    """The fields that a 400 names."""
    assert response.status_code == 400, response.content_seen
    return list(json.loads(response.content_seen)["errors"])


@cache
def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """The schema's, by route and method."""
    return {
        (path, method.upper()): operation
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


def operation(entry: listing.Entry) -> dict[str, Any]:
    path = PLACE.sub(lambda found: "{" + {"pk": "id"}.get(found[1], found[1]) + "}", f"/{entry.route}")
    return operations()[path, entry.method]


def parameters(entry: listing.Entry, place: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one["schema"] for one in operation(entry).get("parameters", []) if one["in"] == place}


def lists_of_values() -> list[tuple[listing.Entry, str, list[str]]]:
    """Operation, parameter, and allowed values."""
    return [
        (entry, name, schema["items"]["enum"])
        for entry in ENTRIES
        for name, schema in parameters(entry, "query").items()
        if schema.get("type") == "array"
    ]


def test_the_schema_has_exactly_the_operations_that_are_tried_here():
    assert set(operations()) == {
        (PLACE.sub(lambda found: "{" + {"pk": "id"}.get(found[1], found[1]) + "}", f"/{entry.route}"), entry.method)
        for entry in ENTRIES
    }


@at(ENTRIES)
def test_an_unknown_parameter_is_refused_by_name(entry: listing.Entry, judge: Judge):
    assert refused_names(sent(judge.asker, cell_of(entry), query="?no_such=1")) == ["no_such"]


@at([entry for entry in ENTRIES if entry.method == "GET"])
def test_the_parameters_of_the_schema_are_known(entry: listing.Entry, judge: Judge):
    for name in parameters(entry, "query"):
        answer = json.loads(sent(judge.asker, cell_of(entry), query=f"?{name}=").content_seen)
        assert answer.get("errors", {}).get(name) != ["Unknown parameter."]


@at(WRITES)
def test_an_unknown_field_is_refused_by_name(entry: listing.Entry, judge: Judge):
    cell = cell_of(entry, body={"no_such": "1"})
    assert refused_names(sent(judge.asker, cell)) == ["no_such"]


@at([entry for entry in ENTRIES if "<id:" in entry.route])
def test_ids_in_upper_case_are_the_same_ids(entry: listing.Entry, judge: Judge):
    asker, cell = judge.asker, cell_of(entry)

    def upper(path: str) -> str:
        return re.sub(r"[0-9a-f-]{36}", lambda found: found[0].upper(), path)

    assert upper(asker.request_of(cell, set()).path) != asker.request_of(cell, set()).path
    assert sent(asker, cell, path=upper).status_code == sent(asker, cell).status_code == entry.ok


@at(ENTRIES)
def test_the_answer_is_json_whatever_is_accepted(entry: listing.Entry, judge: Judge):
    headers = sent(judge.asker, cell_of(entry)).headers
    usual, is_file = headers.get("Content-Type"), "attachment" in headers.get("Content-Disposition", "")
    assert usual in {*JSON, None} or "audio" in usual or is_file
    # All views choose in one place, so each is asked in one of these ways.
    accepted = ACCEPTED[ENTRIES.index(entry) % len(ACCEPTED)]
    response = sent(judge.asker, cell_of(entry), headers={"HTTP_ACCEPT": accepted})
    assert (response.status_code, response.headers.get("Content-Type")) == (entry.ok, usual), accepted


def test_points_in_time_have_one_form(judge: Judge):
    told = {}
    for entry in ENTRIES:
        response = sent(judge.asker, cell_of(entry))
        if response.headers.get("Content-Type") in JSON:
            found = [text for text in texts(json.loads(response.content_seen)) if TIME.fullmatch(text)]
            told |= {named(entry): found} if found else {}
    assert {text for found in told.values() for text in found if not ONE_FORM.fullmatch(text)} == set()
    silent = {named(entry) for entry in ENTRIES if tells_time(entry)} - set(told)
    assert silent == {
        "GET api/v1/patients/<id:patient_id>/access-log",  # in the scenery nobody has opened the record
        "GET api/v1/patients/<id:patient_id>/timeline/summary",  # no event of a session, and none that stands out
        "POST api/v1/sessions/<id:pk>/decline-summary",  # neither shared nor withdrawn at any time
        # What is tracked goes on, and its value stands.
        "POST api/v1/goals/<id:goal_id>/trackers",
        "GET api/v1/trackers/<id:tracker_id>",
        "PATCH api/v1/trackers/<id:tracker_id>",
        "POST api/v1/trackers/<id:tracker_id>/entries",
    }


def tells_time(entry: listing.Entry) -> bool:
    """Whether the response schema contains a datetime."""
    seen: set[str] = set()

    def inside(schema: Any) -> bool:
        if isinstance(schema, dict) and (name := schema.get("$ref")):
            known, _ = name in seen, seen.add(name)
            return not known and inside(document()["components"]["schemas"][name.rpartition("/")[2]])
        parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
        return schema == "date-time" or any(map(inside, parts))

    return inside(operation(entry)["responses"][str(entry.ok)].get("content", {}))


def texts(value: Any) -> Iterator[str]:
    """All strings in it, at any depth."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from texts(part)
    if isinstance(value, str):
        yield value


LISTS = [entry for entry in ENTRIES if "limit" in parameters(entry, "query")]
KEPT = [entry for entry in LISTS if "updated_since" in parameters(entry, "query")]


@at(LISTS)
def test_every_list_has_the_one_envelope(entry: listing.Entry, judge: Judge):
    page = json.loads(sent(judge.asker, cell_of(entry), query="?limit=1").content_seen)
    assert {"results", *ENVELOPE} <= set(page)
    assert (page["next"] is None) is (page["next_cursor"] is None)
    assert page["next"] is None or f"cursor={page['next_cursor']}".replace(":", "%3A") in page["next"]
    schema = operation(entry)["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["$ref"].startswith("#/components/schemas/Paginated")


def page_of(entry: listing.Entry, judge: Judge, since: str = "") -> Any:
    """A page, as a permitted person who reads whole rows finds it."""
    query = f"&updated_since={since}" if since else ""
    return json.loads(sent(judge.asker, cell_of(entry), query=f"?limit=100{query}").content_seen)


def row_properties(entry: listing.Entry) -> dict[str, Any]:
    schemas = document()["components"]["schemas"]
    reference = operation(entry)["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    rows = schemas[reference.rpartition("/")[2]]["properties"]["results"]["items"].get("$ref", "")
    properties: dict[str, Any] = schemas.get(rows.rpartition("/")[2], {}).get("properties", {})
    return properties


def test_the_lists_that_tell_changes_are_those_whose_rows_say_when():
    assert len(KEPT) > 10
    assert [entry for entry in LISTS if "updated_at" in row_properties(entry)] == KEPT


@at(LISTS)
def test_a_list_that_tells_changes_says_what_to_ask_with_next(entry: listing.Entry, judge: Judge):
    page = page_of(entry, judge)
    assert ("next_updated_since" in page) is (entry in KEPT)
    assert entry not in KEPT or ONE_FORM.fullmatch(page["next_updated_since"])


@at(KEPT)
def test_what_has_changed_since_is_found_by_what_is_shown(entry: listing.Entry, judge: Judge):
    page = page_of(entry, judge)
    whole = page["results"]
    assert whole
    assert page["next"] is None, "the rest could have changed too"
    latest = max(row["updated_at"] for row in whole)
    assert page_of(entry, judge, "1999-12-31T22:00:00-02:00")["results"] == whole
    assert page_of(entry, judge, latest)["results"] == [row for row in whole if row["updated_at"] == latest]
    assert page_of(entry, judge, "2190-01-01T00:00:00Z")["results"] == []


@at(KEPT)
@pytest.mark.parametrize("since", ["2026-11-30T10:00:00", "2026-11-30", "now", "0001-01-01T00:00:00%2B14:00"])
def test_a_moment_without_a_zone_is_refused_by_name(entry: listing.Entry, judge: Judge, since: str):
    assert refused_names(sent(judge.asker, cell_of(entry), query=f"?updated_since={since}")) == ["updated_since"]


@at(WRITES)
def test_who_takes_an_idempotency_key_says_so(entry: listing.Entry, judge: Judge):
    response = sent(judge.asker, cell_of(entry), headers={"HTTP_IDEMPOTENCY_KEY": "two words"})
    takes = response.status_code == 400 and json.loads(response.content_seen)["code"] == "invalid_idempotency_key"
    assert takes is ("Idempotency-Key" in parameters(entry, "header"))
    if takes:
        assert {"409", "422"} <= set(operation(entry)["responses"])


@pytest.mark.parametrize(("entry", "name", "values"), lists_of_values(), ids=lambda value: str(value)[:40])
def test_several_values_may_be_repeated_or_parted_by_commas(
    entry: listing.Entry, name: str, values: list[str], judge: Judge
):
    one, two = values[:2]
    queries = [f"?{name}={one},{two}", f"?{name}={one}&{name}={two}", f"?{name}={one},{two}&{name}={one}"]
    answers = [sent(judge.asker, cell_of(entry), query=query) for query in queries]
    assert {(answer.status_code, answer.content_seen) for answer in answers} == {(200, answers[0].content_seen)}
    for query in (f"?{name}=no_such", f"?{name}={one},no_such", f"?{name}={one}&{name}=no_such"):
        assert refused_names(sent(judge.asker, cell_of(entry), query=query)) == [name]


def test_lists_of_values_are_found_by_the_schema():
    assert {name for _, name, _ in lists_of_values()} == {
        "assigned_to",
        "event_types",
        "format",
        "importance",
        "instrument",
        "kind",
        "status",
    }
