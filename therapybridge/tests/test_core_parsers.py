"""JSON that must be rejected, because parsing it or serializing it again would fail."""

import pytest
from rest_framework.test import APIClient

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


def test_a_body_over_the_limit_is_too_large(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    assert sign_in(b'"' + b"a" * 998 + b'"').status_code == 400
    assert sign_in(b'"' + b"a" * 999 + b'"').status_code == 413
