"""Addresses that carry a secret: `<secret:name>` in a route keeps it out of logs and of the Referer header."""

import re

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, register_converter, resolve

from therapybridge.core.logging import REDACTED

SECRET_PART = re.compile(r"<secret:(\w+)>")
# Never the path, not even to our own pages. With `no-referrer` browsers send `Origin: null` with a form, and the check
# against forged requests would refuse every form on these pages.
REFERRER_POLICY = "strict-origin"


class SecretConverter:
    """What letters carry: URL-safe base64, and the parts of a signed value."""

    regex = r"[A-Za-z0-9_.:=-]{1,600}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(SecretConverter, "secret")


def carries_secret(request: HttpRequest) -> bool:
    """Whether the address of the request holds a secret."""
    match = _match(request)
    return match is not None and SECRET_PART.search(match.route) is not None


def loggable(request: HttpRequest) -> str:
    """The path without its secrets."""
    path, match = request.path, _match(request)
    for name in SECRET_PART.findall(match.route) if match else ():
        path = path.replace(str(match.kwargs[name]), REDACTED) if match else path
    return path


def _match(request: HttpRequest) -> ResolverMatch | None:
    """Also for a request that was answered before it reached its view, such as a redirect to HTTPS."""
    if request.resolver_match is not None:
        return request.resolver_match
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None
