"""Error responses: JSON for the API, pages for people, and their headers."""

import re
from uuid import UUID

import pytest
from django.test import Client
from rest_framework.test import APIClient

from therapybridge.core.http.headers import SECURITY_HEADERS
from therapybridge.tests.core_urls import SECRET

pytestmark = pytest.mark.django_db
STATUSES = {
    "invalid": (400, "invalid"),
    "forbidden": (403, "forbidden"),
    "consent": (403, "consent_required"),
    "conflict": (409, "signed"),
    "large": (413, "too_large"),
    "media": (415, "unsupported_media"),
    "unprocessable": (422, "unprocessable"),
    "limited": (429, "rate_limited"),
    "unavailable": (503, "unavailable"),
    "teapot": (418, "teapot"),
    "django404": (404, "not_found"),
    "django403": (403, "forbidden"),
    "suspicious": (400, "invalid"),
    "defect": (500, "server_error"),
}
API_STATUSES = STATUSES | {
    "model": (400, "invalid"),
    "plain-model": (400, "invalid"),
    "nested": (400, "invalid"),
    "sentence": (400, "invalid"),
    "parse": (400, "parse_error"),
    "gone": (404, "not_found"),
    "throttled": (429, "rate_limited"),
    "media-type": (415, "unsupported_media"),
    "wrapped": (401, "token_not_valid"),
}


@pytest.fixture(autouse=True)
def _routes(settings):
    settings.ROOT_URLCONF = "therapybridge.tests.core_urls"


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def api() -> APIClient:
    return APIClient(raise_request_exception=False)


def problem(response) -> dict:
    assert response["Content-Type"] == "application/problem+json"
    return response.json()


@pytest.mark.parametrize(("name", "expected"), API_STATUSES.items())
def test_the_api_answers_with_status_and_code(api, name, expected):
    response = api.get(f"/api/fail/{name}")
    body = problem(response)
    assert (response.status_code, body["code"]) == expected
    assert body["status"] == expected[0]
    assert body["request_id"] == response["X-Request-ID"]
    assert body["title"]
    assert body["detail"]
    assert body["type"].endswith(body["code"])


@pytest.mark.parametrize(("name", "expected"), STATUSES.items())
def test_a_page_says_what_happened_and_what_to_do(browser, name, expected):
    response = browser.get(f"/fail/{name}")
    page = response.content.decode()
    assert response.status_code == expected[0]
    assert response["Content-Type"].startswith("text/html")
    assert re.search(r"<h1>.{8,}</h1>", page)
    assert "still there" in page
    assert response["X-Request-ID"] in page


@pytest.mark.parametrize("path", ["/fail/{}", "/api/fail/{}", "/api/plain/{}"])
@pytest.mark.parametrize("name", ["django404", "django403", "suspicious", "defect"])
def test_the_text_of_an_exception_stays_inside(browser, path, name):
    assert SECRET.encode() not in browser.get(path.format(name)).content


def test_a_plain_view_under_the_api_answers_json(browser):
    assert problem(browser.get("/api/plain/conflict"))["code"] == "signed"


@pytest.mark.parametrize(
    ("name", "retriable"), [("limited", True), ("unavailable", True), ("defect", True), ("conflict", False)]
)
def test_a_caller_learns_whether_to_try_again(api, name, retriable):
    assert problem(api.get(f"/api/fail/{name}"))["retriable"] is retriable


@pytest.mark.parametrize(
    ("path", "seconds"), [("/fail/limited", "7"), ("/api/fail/limited", "7"), ("/api/fail/throttled", "4")]
)
def test_too_many_requests_say_when_to_come_back(browser, path, seconds):
    assert browser.get(path)["Retry-After"] == seconds


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("invalid", {"date": ["Use a date."]}),
        ("model", {"name": ["Too long."], "non_field_errors": ["No."]}),
        ("plain-model", {"non_field_errors": ["No."]}),
        ("nested", {"goals.1.title": ["Missing."], "name": ["Wrong."]}),
        ("sentence", {"non_field_errors": ["Wrong."]}),
    ],
)
def test_field_errors_have_one_shape(api, name, errors):
    assert problem(api.get(f"/api/fail/{name}"))["errors"] == errors


def test_a_serializer_error_names_the_field(api):
    body = problem(api.post("/api/items", {"title": "too long"}, format="json"))
    assert set(body["errors"]) == {"title"}


def test_an_unknown_address_is_a_404_of_the_right_kind(browser):
    assert problem(browser.get("/api/nothing"))["code"] == "not_found"
    assert b"<h1>" in browser.get("/nothing").content


def test_a_wrong_method_is_a_405_that_names_the_right_ones(api):
    response = api.delete("/api/items")
    assert problem(response)["code"] == "method_not_allowed"
    assert response["Allow"] == "GET, POST, PUT, HEAD, OPTIONS"


def test_malformed_json_is_a_400(api):
    response = api.post("/api/items", "{", content_type="application/json")
    assert (response.status_code, problem(response)["code"]) == (400, "parse_error")


def test_another_content_type_is_a_415(api):
    response = api.post("/api/items", "a", content_type="text/plain")
    assert (response.status_code, problem(response)["code"]) == (415, "unsupported_media")


def test_a_missing_token_is_a_401_with_a_challenge(api):
    response = api.get("/api/private")
    assert (response.status_code, problem(response)["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_body_over_the_limit_is_a_413(browser, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = browser.post("/hello", "name=" + "x" * 50, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert b"too large" in response.content


def test_a_missing_csrf_token_is_explained(settings):
    response = Client(enforce_csrf_checks=True).post("/hello", {"name": "x"})
    assert response.status_code == 403
    assert b"open for too long" in response.content


def test_an_unknown_host_is_a_400_that_does_not_repeat_it(browser):
    response = browser.get("/hello", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"evil" not in response.content
    assert response["X-Frame-Options"] == "DENY"


EVERY_ANSWER = [
    "/hello",
    "/nothing",
    "/fail/forbidden",
    "/fail/defect",
    "/api/items",
    "/api/nothing",
    "/api/fail/defect",
]


@pytest.mark.parametrize("path", EVERY_ANSWER)
def test_every_answer_has_every_security_header(browser, path):
    response = browser.get(path)
    assert {name: response[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


@pytest.mark.parametrize("path", EVERY_ANSWER)
def test_every_answer_has_a_strict_content_policy(browser, path):
    policy = browser.get(path)["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == directives["object-src"] == directives["frame-ancestors"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("path", [*EVERY_ANSWER, "/static/missing"])
def test_nothing_but_static_files_is_kept(browser, path):
    assert browser.get(path)["Cache-Control"] == "no-store"


def test_static_files_may_be_kept(browser):
    assert "Cache-Control" not in browser.get("/static/hello")


def test_an_error_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(browser):
    page = browser.get("/fail/forbidden").content.decode()
    assert not re.search(r"(src|href)=\"(?!/)", page)
    assert not re.search(r"<script>|<style|style=|\son\w+=", page)


@pytest.mark.parametrize("given", ["abcd1234", "a" * 64, "0f6e-4.x_Y9"])
def test_a_well_formed_request_id_is_kept(browser, given):
    assert browser.get("/hello", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "bad id 12345", "bad;id-12345", "aaaaaaaa\n", "ümlaut-12345"])
def test_another_request_id_is_replaced(browser, given):
    answered = browser.get("/hello", headers={"x-request-id": given})["X-Request-ID"]
    assert answered != given
    assert UUID(answered).version == 7


def test_two_requests_have_two_ids(browser):
    assert browser.get("/hello")["X-Request-ID"] != browser.get("/hello")["X-Request-ID"]
