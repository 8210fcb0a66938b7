"""Routes that are found by their parts are those that Django finds by trying all."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, URLResolver, include, path, re_path

from therapybridge.core.http.routes import found_by_parts
from therapybridge.urls import urlpatterns

VALUES = {"id": "01a22e64-4202-72c2-ac00-6dcd55e62ef1", "secret": "a.b:c=", "slug": "a-b", "int": "7"}
(API,) = (one for one in urlpatterns if str(one.pattern) == "api/v1/")


def found(resolver, address):
    """What Django knows about the view of an address, in full."""
    match = resolver.resolve(address)
    captured = (match.kwargs, match.captured_kwargs, match.extra_kwargs)
    return match.func, match.args, *captured, match.url_name, match.view_name, match.app_names, match.route


def tried_in_turn(resolver, address):
    return found(
        URLResolver(resolver.pattern, resolver.urlconf_name, resolver.default_kwargs, resolver.app_name), address
    )


def routes_of(resolver, before="") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        yield from routes_of(one, route) if isinstance(one, URLResolver) else [route]


def test_every_route_of_the_api_is_found():
    routes = [*routes_of(API, "api/v1/")]
    assert len(routes) > 100
    for route in routes:
        address = re.sub(r"<(\w+):\w+>", lambda part: VALUES[part[1]], route)
        assert found(API, address) == tried_in_turn(API, address)


def view(name):
    def answer(request, **given):
        return HttpResponse(name)

    return answer


def made():
    below = [path("", view("list"), name="list"), path("/<int:pk>", view("item"), {"more": 1}, name="item")]
    return path(
        "api/",
        include(
            [
                path("people/<str:pk>", view("person")),
                path("people/me", view("never reached")),
                path("<slug:kind>/end", view("kind")),
                path("things", include((below, "things"))),
                path("things/<int:pk>/parts.<str:form>", view("parts")),
                path("files/<path:name>", view("file")),
                re_path(r"^old/(?P<year>[0-9]{4})(/.*)?$", view("old")),
                path("odd", include([re_path(r"^(?P<pk>[0-9]+)/x/y$", view("odd"))])),
                path("", view("root")),
            ]
        ),
    )


@pytest.mark.parametrize(
    "address",
    [
        *("api/", "api/people/you", "api/people/me", "api/people/end", "api/any/end", "api/things", "api/things/4"),
        *("api/things/4/parts.csv", "api/files/a/b/c.txt", "api/files/end", "api/old/2020/any/thing", "api/odd5/x/y"),
    ],
)
def test_the_first_that_matches_is_found(address):
    resolver = made()
    assert found(found_by_parts(resolver), address) == tried_in_turn(resolver, address)


@pytest.mark.parametrize("address", ["", "api", "api/things/", "api/things/x", "api/people/a/b", "api//", "else/where"])
def test_what_no_route_matches_is_not_found_and_tells_the_same(address):
    resolver = made()
    with pytest.raises(Resolver404) as expected:
        resolver.resolve(address)
    with pytest.raises(Resolver404) as raised:
        found_by_parts(resolver).resolve(address)
    assert str(raised.value) == str(expected.value)


def test_only_those_that_may_match_are_tried():
    resolver = found_by_parts(made())
    tried = resolver.resolve("api/things/4").tried
    assert [str(one.pattern) for patterns in tried for one in patterns] == ["things", "/<int:pk>"]
