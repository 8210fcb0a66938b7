"""Addresses of servers in the settings: what they are, and through what what is sent to them passes."""

import ipaddress
from enum import Enum
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

NAMES = ("OPENAI_BASE_URL", "TRANSCRIBE_BASE_URL", "LLM_BASE_URL")
# Names that no public server has. The first two mean the machine itself, the second one seen from a container.
OWN_NAMES = ("localhost", "host.docker.internal", "host.containers.internal")
PRIVATE_ENDINGS = (".local", ".lan", ".internal", ".home.arpa")


class Reach(Enum):
    """Where what is sent in clear could be read."""

    MACHINE = "on this machine, or among its containers"
    NETWORK = "in the private network"
    BEYOND = "on the way through networks of others"


def reach(host: str) -> Reach:
    """How far away a host is, by its name or number alone.

    A name without a dot is another container, or an entry in this machine's list of hosts. Nobody can tell whether a
    private number is that of a bridge between containers or of a machine in the next room.
    """
    host = host.lower().rstrip(".")
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        if host in OWN_NAMES or host.endswith(".localhost") or "." not in host:
            return Reach.MACHINE
        return Reach.NETWORK if host.endswith(PRIVATE_ENDINGS) else Reach.BEYOND
    if number.is_loopback:
        return Reach.MACHINE
    return Reach.BEYOND if number.is_global else Reach.NETWORK


def parsed(url: str) -> SplitResult | None:
    """The parts of an address; None if it is none."""
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        return None
    return parts if port != 0 else None


def is_web_address(url: str) -> bool:
    """Whether a request can be sent to it."""
    parts = parsed(url)
    return bool(parts and parts.scheme in {"http", "https"} and parts.hostname)


def named_servers() -> dict[str, str]:
    """The addresses of speech and language servers; one that others fall back to only by its own name."""
    named: dict[str, str] = {}
    for name in NAMES:
        url = getattr(settings, name)
        if url and url not in named.values():
            named[name] = url
    return named
