"""Scripts of other sites (CORS): none, unless the operator names their site; then with a token alone."""

import pytest

ME = "/api/v1/me"
APP = "https://app.example.org"


@pytest.fixture
def named(settings):
    settings.CORS_ALLOWED_ORIGINS = [APP]


def test_no_site_is_allowed_by_default(api_for, therapist):
    response = api_for(therapist).get(ME, HTTP_ORIGIN=APP)
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.usefixtures("named")
def test_a_named_site_may_use_the_api_and_read_its_headers(api_for, therapist):
    response = api_for(therapist).get(ME, HTTP_ORIGIN=APP)
    assert response["Access-Control-Allow-Origin"] == APP
    assert {"etag", "location", "retry-after", "x-request-id"} <= set(
        response["Access-Control-Expose-Headers"].split(", ")
    )
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.usefixtures("named")
def test_it_may_ask_beforehand_without_a_token(client):
    asked = client.options(
        "/api/v1/notes/x",
        HTTP_ORIGIN=APP,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="PATCH",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS="authorization, if-match",
    )
    assert asked.status_code == 200
    assert {"authorization", "if-match", "idempotency-key", "range"} <= set(
        asked["Access-Control-Allow-Headers"].split(", ")
    )


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("origin", ["https://app.example.org.evil.example", "http://app.example.org", "null"])
def test_no_other_site_may(api_for, therapist, origin):
    assert "Access-Control-Allow-Origin" not in api_for(therapist).get(ME, HTTP_ORIGIN=origin)


@pytest.mark.usefixtures("named")
def test_pages_are_for_no_other_site(client_for, therapist):
    assert "Access-Control-Allow-Origin" not in client_for(therapist).get("/account/devices", HTTP_ORIGIN=APP)
