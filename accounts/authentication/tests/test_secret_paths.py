"""URLs with a secret: it appears neither in logs nor in Referer headers."""

import json

import pytest
from django.test import Client

from accounts.tests.emails import last_link
from therapybridge.core.http.secret_paths import REFERRER_POLICY
from therapybridge.tests.test_core_logging import logging_to_memory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["invitation", "reset", "confirm"])
def link(request, therapist, client_for) -> str:
    browser = client_for(therapist)
    if request.param == "invitation":
        browser.post("/invitations", {"email": "ines@example.org"})
        return last_link("invitation.sent")
    if request.param == "confirm":
        browser.post("/account/email", {"email": "new@example.org"})
        return last_link("account.email_confirm")
    Client().post("/password/forgot", {"email": therapist.email})
    return last_link("password.reset")


@pytest.mark.parametrize("ending", ["", "/", "x", ".", "?from=mail"])
@pytest.mark.parametrize("is_redirected", [True, False])
def test_no_log_line_holds_the_secret(link, ending, is_redirected, settings):
    settings.SECURE_SSL_REDIRECT = is_redirected
    with logging_to_memory(settings, json_lines=True) as written:
        Client().get(link + ending)
        Client().post(link + ending, {"password": "short"})
    paths = [json.loads(line).get("path") for line in written.getvalue().splitlines()]
    assert len([path for path in paths if path]) == 2
    # A signed value is its content, when it was signed, and the signature.
    told = [part for part in link.rsplit("/", 1)[1].split(":")[::2] if part in written.getvalue()]
    assert told == []


def test_a_short_secret_is_hidden_too(settings):
    with logging_to_memory(settings, json_lines=True) as written:
        Client().get("/invitation/plain-words")
    assert "plain-words" not in json.loads(written.getvalue().splitlines()[-1])["path"]


def test_no_other_page_learns_where_the_reader_came_from(link):
    browser = Client()
    assert browser.get(link).headers["Referrer-Policy"] == REFERRER_POLICY == "strict-origin"
    assert browser.get(link + "x").headers["Referrer-Policy"] == REFERRER_POLICY
    assert browser.get("/sign-in").headers["Referrer-Policy"] == "same-origin"


def test_these_pages_load_only_from_here(link):
    page = Client().get(link).content.decode()
    assert 'src="http' not in page
    assert 'href="http' not in page
