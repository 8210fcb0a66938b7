"""The headers of the product's own routes, in process and on a socket."""

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import reverse

from therapybridge.core.http.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS

ROUTES = ["/live", "/ready", "/", "/admin/", "/api/v1/nothing", "/nothing", "/static/nothing"]
POLICY = {f"{directive} {' '.join(sources)}" for directive, sources in CONTENT_SECURITY_POLICY.items()}


def assert_protected(headers) -> None:
    assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Request-ID"]
    assert "X-Powered-By" not in headers


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", ROUTES)
def test_every_route_and_method_is_protected(method, path):
    assert_protected(Client().generic(method, path).headers)


@pytest.mark.django_db
def test_the_sign_in_page_is_protected_and_its_cookies_are_out_of_reach():
    answer = Client().get(reverse("account_login"))
    assert answer.status_code == 200
    assert_protected(answer.headers)
    assert answer.cookies
    assert all(cookie["httponly"] and cookie["samesite"] == "Lax" for cookie in answer.cookies.values())


class Quiet(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        """Nothing: the middleware logs."""


@pytest.fixture
def server() -> Iterator[str]:
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_answers_on_the_wire_are_protected(server):
    for path in ("/live", "/nothing", "/api/v1/nothing"):
        assert_protected(httpx.get(server + path, trust_env=False).headers)


def test_a_host_that_is_not_ours_gets_a_protected_refusal(server):
    answer = httpx.get(f"{server}/live", headers={"host": "evil.example"}, trust_env=False)
    assert answer.status_code == 400
    assert_protected(answer.headers)


def test_the_policy_allows_nothing_unsafe():
    sources = {source for values in CONTENT_SECURITY_POLICY.values() for source in values}
    assert sources == {"'self'", "'none'", "data:"}
