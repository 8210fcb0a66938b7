"""URLs that contain a secret: `<secret:name>` in a route keeps it out of logs and the Referer header."""

import re

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, register_converter, resolve

from therapybridge.core.logging import REDACTED

SECRET_PART = re.compile(r"<secret:(\w+)>")
# Never send the path, not even to our own pages. `no-referrer` would make browsers send `Origin: null` with forms, and
# CSRF protection would reject every form on these pages.
REFERRER_POLICY = "strict-origin"


class SecretConverter:
    """Matches secrets in e-mailed links: URL-safe base64, and signed values."""

    regex = r"[A-Za-z0-9_.:=-]{1,600}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SecretConverter, "secret")


def carries_secret(request: HttpRequest) -> bool:
    """Whether the request's path contains a secret."""
    match = _match(request)
    return match is not None and SECRET_PART.search(match.route) is not None


def loggable(request: HttpRequest) -> str:
    """The path with secrets redacted."""
    path, match = request.path, _match(request)
    for name in SECRET_PART.findall(match.route) if match else ():
        path = path.replace(str(match.kwargs[name]), REDACTED) if match else path
    return path


def _match(request: HttpRequest) -> ResolverMatch | None:
    """Resolve the route, even for requests answered before they reached a view, such as redirects to HTTPS."""
    if request.resolver_match is not None:
        return request.resolver_match
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None
