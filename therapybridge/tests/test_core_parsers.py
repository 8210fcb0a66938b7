"""JSON that must be rejected, because parsing it or serializing it again would fail."""

import json
from uuid import uuid4

import pytest
from rest_framework import serializers
from rest_framework.test import APIClient

from therapybridge.core.api.parsers import MAX_BYTES
from therapybridge.core.api.serializers import (
    LONGEST_NAME,
    MOST_NAMED,
    BoundedListField,
    StrictFields,
    StrictSerializer,
)

pytestmark = pytest.mark.django_db


def sign_in(body: bytes):
    return APIClient().post("/api/v1/auth/login", body, content_type="application/json")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"email":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"\\ud800": 1}',
        b'{"email": "\\ud800"}',
        b"[" * 65 + b"]" * 65,
        b'{"email": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"email": NaN}',
        b'{"email": 1e999}',
        b'{"email": "\xff"}',
        b"{",
    ],
)
def test_what_is_no_plain_json_is_refused(body):
    answer = sign_in(body)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize("body", [b"null", b"1", b'"x"', b"[]", b"[[1]]", b"true", b"[" * 64 + b"1" + b"]" * 64])
def test_json_of_another_shape_is_invalid(body):
    assert sign_in(body).json()["code"] == "invalid"


def test_a_body_over_the_limit_is_too_large():
    assert sign_in(b'"' + b"a" * (MAX_BYTES - 2) + b'"').status_code == 400
    assert sign_in(b'"' + b"a" * (MAX_BYTES - 1) + b'"').status_code == 413


@pytest.mark.parametrize(("method", "address"), [("patch", "notes/{}"), ("post", "templates")])
def test_notes_and_templates_may_be_longer(method, address, therapist, api_for):
    body = {"x" * 100: "a" * MAX_BYTES}
    path = f"/api/v1/{address}".format(uuid4())
    answer = getattr(api_for(therapist), method)(path, body, format="json", headers={"If-Match": '"1"'})
    assert answer.status_code in {400, 404}


def test_an_answer_names_few_unknown_fields_and_shortens_them():
    body = {f"{at:05}" + "x" * 100: 1 for at in range(2_000)}
    errors = sign_in(json.dumps(body).encode()).json()["errors"]
    assert len(errors) == MOST_NAMED
    assert {len(name) for name in errors} == {LONGEST_NAME}


class Numbers(StrictSerializer):
    numbers = BoundedListField(child=serializers.IntegerField(), max_length=3)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        (["x"] * 4, ["Ensure this field has no more than 3 elements."]),
        (["x", 1], {0: ["A valid integer is required."]}),
        ("1, 2", ['Expected a list of items but got type "str".']),
    ],
)
def test_a_list_that_is_too_long_is_not_looked_into(given, errors):
    checked = Numbers(data={"numbers": given})
    assert not checked.is_valid()
    assert checked.errors["numbers"] == errors


def test_every_list_in_a_body_is_bounded_before_it_is_read():
    unbounded = [
        f"{kind.__module__}.{kind.__name__}.{name}"
        for kind in all_serializers(StrictFields)
        for name, field in kind().fields.items()
        if isinstance(field, serializers.ListField | serializers.ListSerializer)
        and not field.read_only
        and not isinstance(field, BoundedListField)
    ]
    assert not unbounded


def all_serializers(kind: type) -> set[type]:
    """Everything that takes a body."""
    found = set(kind.__subclasses__())
    return found.union(*(all_serializers(one) for one in found)) - {StrictSerializer}
