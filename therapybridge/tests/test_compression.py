"""What is compressed: JSON for a token, and nothing that a foreign page could have asked for."""

import gzip

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories import PASSWORD

API = "/api/v1"
ACCEPTS = {"HTTP_ACCEPT_ENCODING": "gzip, deflate"}


@pytest.fixture
def snippet(api_for, therapist):
    """A long one, with its address."""
    made = api_for(therapist).post(f"{API}/snippets", {"name": "Long", "text": "word " * 700}, format="json")
    return made["Location"]


def test_json_for_a_token_is_compressed_and_can_still_be_changed(api_for, therapist, snippet):
    device = api_for(therapist)
    response = device.get(snippet, **ACCEPTS)
    assert (response["Content-Encoding"], response["Content-Type"]) == ("gzip", "application/json")
    assert "Accept-Encoding" in response["Vary"]
    assert len(response.content) < 1000
    assert b"word word" in gzip.decompress(response.content)
    assert response["ETag"] == 'W/"1"'
    changed = device.patch(snippet, {"name": "Longer"}, format="json", HTTP_IF_MATCH=response["ETag"])
    assert changed.status_code == 200


def test_the_length_is_blurred(api_for, therapist, snippet):
    device = api_for(therapist)
    assert len({len(device.get(snippet, **ACCEPTS).content) for _ in range(8)}) > 1


def test_nothing_is_compressed_for_a_cookie_or_for_nobody(client_for, therapist, snippet):
    assert "Content-Encoding" not in client_for(therapist).get(snippet, **ACCEPTS)
    assert "Content-Encoding" not in client_for(therapist).get("/account/devices", **ACCEPTS)
    assert "Content-Encoding" not in APIClient().get(f"{API}/schema", **ACCEPTS)


def test_a_password_that_a_browser_attaches_is_no_token(client_for, therapist, snippet):
    response = client_for(therapist).get(snippet, headers={"Authorization": "Basic dGhlOnByb3h5"}, **ACCEPTS)
    assert response.status_code == 200
    assert "Content-Encoding" not in response


def test_new_tokens_are_not_compressed(api_for, therapist):
    told = {"email": therapist.email, "password": PASSWORD}
    for client in (APIClient(), api_for(therapist)):
        response = client.post(f"{API}/auth/login", told, format="json", **ACCEPTS)
        old = {"refresh_token": response.json()["refresh_token"]}
        renewed = client.post(f"{API}/auth/refresh", old, format="json", **ACCEPTS)
        assert (response.status_code, renewed.status_code) == (200, 200)
        assert "Content-Encoding" not in response
        assert "Content-Encoding" not in renewed


def test_a_client_that_reads_no_gzip_gets_plain_json(api_for, therapist, snippet):
    assert "Content-Encoding" not in api_for(therapist).get(snippet)
