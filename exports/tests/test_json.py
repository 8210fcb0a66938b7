"""The JSON of records: by its published schema, strict UTF-8, and back again."""

import json
from functools import reduce
from io import BytesIO

import pytest
from jsonschema import Draft202012Validator

from exports.builders import build
from exports.builders.json import ADAPTER, SCHEMA_FILE, schema
from exports.choices import ExportFormat, ExportKind
from exports.tests.collecting import EXTRAS, collected
from exports.tests.everything import everything_about
from exports.tests.records import empty_record, full_record


def written(record) -> bytes:
    file = BytesIO()
    build(ExportFormat.JSON, record, file)
    return file.getvalue()


def flaws(data: bytes) -> list[str]:
    published = json.loads(SCHEMA_FILE.read_text())
    return [f"{list(one.path)}: {one.message}" for one in Draft202012Validator(published).iter_errors(json.loads(data))]


def test_the_published_schema_is_current():
    """If not: manage.py write_record_schema."""
    assert json.loads(SCHEMA_FILE.read_text()) == schema()
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("record", [empty_record(), full_record(), full_record(odd=True, long=True)])
def test_records_by_hand_are_by_the_schema_and_come_back_equal(record):
    data = written(record)
    assert flaws(data) == []
    assert ADAPTER.validate_json(data, strict=True, extra="forbid") == record
    data.decode("utf-8", "strict")


def test_the_schema_refuses_what_is_not_a_record():
    data = json.loads(written(empty_record()))
    del data["patient"]["first_name"]
    assert flaws(json.dumps(data).encode())


def test_the_schema_says_what_each_field_means():
    parts = {"Record": schema(), **schema()["$defs"]}
    bare = [
        (part, name)
        for part, held in parts.items()
        for name, one in held["properties"].items()
        if not one.get("description")
    ]
    assert bare == []
    assert len(parts) > 50


@pytest.mark.parametrize(
    ("path", "code"),
    [(("sessions", 0, "modality"), "telepathy"), (("about", "kind"), "novel"), (("notes", 0, "status"), "lost")],
)
def test_the_schema_knows_the_codes_of_fields(path, code):
    data = json.loads(written(full_record()))
    *way, last = path
    held = reduce(lambda part, step: part[step], way, data)
    held[last] = code
    assert [one.partition(":")[0] for one in flaws(json.dumps(data).encode())] == [str(list(path))]


def test_an_empty_code_is_one_where_nothing_was_decided():
    data = json.loads(written(full_record()))
    data["risk_reviews"][0]["disposition"] = ""
    assert flaws(json.dumps(data).encode()) == []


@pytest.mark.django_db
def test_collected_records_are_by_the_schema_and_come_back_equal():
    scene = everything_about()
    for reader in (scene.therapist, scene.patient):
        for kind in ExportKind.values:
            record = collected(reader, scene.patient, kind, *EXTRAS)
            data = written(record)
            assert flaws(data) == []
            assert ADAPTER.validate_json(data, strict=True, extra="forbid") == record


@pytest.mark.django_db
def test_both_are_given_in_one_order():
    scene = everything_about()
    first, second = (written(collected(scene.therapist, scene.patient)) for _ in range(2))
    assert first == second
