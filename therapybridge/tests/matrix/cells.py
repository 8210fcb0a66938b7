"""The cells of a route and method: identity, channel, input and expected response."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from therapybridge.tests.matrix.listing import Entry, entries, identities, surface_of

COOKIE, TOKEN = "cookie", "token"
UNKNOWN = (400, 404, "refused")


def _named(body: dict[str, Any]) -> set[str]:
    """The rows named in a body."""
    return {value[1:] for value in body.values() if isinstance(value, str) and value.startswith("$")}


@dataclass(frozen=True)
class Cell:
    """One request and its exact expected response."""

    entry: Entry
    identity: str
    channel: str
    answer: Any
    kind: str = "plain"
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """The request's method."""
        return str(self.changes.get("method", self.entry.method))

    @property
    def given(self) -> dict[str, Any]:
        """Names of rows for the URL's parameters."""
        return self.entry.given | self.changes.get("with", {})

    @property
    def body(self) -> Any:
        """The body; mixed-up cells replace single fields."""
        body = self.entry.options.get("body")
        if "body" not in self.changes:
            return body
        dropped = self.changes.get("drop", ())
        return {name: one for name, one in (body or {}).items() if name not in dropped} | self.changes["body"]

    @property
    def strange(self) -> set[str]:
        """Names of the rows that must look non-existent to the person."""
        if self.kind == "mixed":
            named = {*self.changes.get("with", {}).values(), *_named(self.changes.get("body", {}))}
            return named if self.answer in UNKNOWN and self.identity != "superuser" else set()
        if self.kind != "plain" or self.answer == "ok" or self.identity in self.entry.rule.knows:
            return set()
        return {name for name in (*self.entry.given.values(), *_named(self.body or {})) if not name.startswith("=")}

    @property
    def has_twin(self) -> bool:
        """Whether the answer is compared with that for rows that never were: how somebody proved who they are makes
        no difference to it, so at the API once.
        """
        return bool(self.strange) and (self.channel == TOKEN or self.entry.surface != "api")

    def __str__(self) -> str:
        also = f" [{self.kind}]" if self.kind != "plain" else ""
        return f"{self.method} {self.entry.route} as {self.identity} by {self.channel}{also}"


def cells(entry: Entry) -> Iterator[Cell]:
    """All cells of a route and method."""
    for identity in identities():
        for channel in channels(entry.route):
            yield Cell(entry, identity, channel, by_channel(entry.rule.answers[identity], channel))
    yield from _heads(entry)
    yield from _forgeries(entry)
    yield from _mixed(entry)


def by_channel(answer: Any, channel: str) -> Any:
    """Two answers of classes.yaml have different meanings for cookies and tokens."""
    if answer == "led":
        return "enrol" if channel == COOKIE else "ok"
    if answer == "stale":
        return "ok" if channel == COOKIE else "out"
    return answer


def channels(route: str) -> tuple[str, ...]:
    """Pages and the admin site use only cookies."""
    return (COOKIE, TOKEN) if surface_of(route) == "api" else (COOKIE,)


def _heads(entry: Entry) -> Iterator[Cell]:
    """HEAD is GET without the body, for everyone."""
    takes_head = entry.method == "GET" and entry.surface != "api"
    for identity in ("anonymous", "assigned", "foreign", "patient", "admin") if takes_head else ():
        yield Cell(
            entry, identity, COOKIE, by_channel(entry.rule.answers[identity], COOKIE), "head", {"method": "HEAD"}
        )


def _forgeries(entry: Entry) -> Iterator[Cell]:
    """A write by cookie without a CSRF token, by everyone who may write."""
    if entry.is_safe or entry.options.get("csrf") == "none":
        return
    for identity, answer in entry.rule.answers.items():
        if answer == "ok":
            yield Cell(entry, identity, COOKIE, 403, "forged")


def _mixed(entry: Entry) -> Iterator[Cell]:
    """A permitted person, with rows that are not theirs or do not belong together."""
    for said in entry.options.get("mixed", ()):
        for channel in channels(entry.route):
            changes = {key: said[key] for key in ("with", "body", "drop", "audit") if key in said}
            yield Cell(entry, said["as"], channel, said["answer"], "mixed", changes)


def probes(route: str, methods: dict[str, Entry]) -> Iterator[Cell]:
    """Unsupported methods get 405, for everyone with access."""
    entry = next(iter(methods.values()))
    answers = entry.rule.answers
    inside = next((who for who in answers if answers[who] == "ok"), "admin")
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(methods):
        for channel in channels(route):
            yield Cell(entry, inside, channel, 405, "probe", {"method": method})


@cache
def everything() -> list[Cell]:
    """The whole matrix."""
    by_route: dict[str, dict[str, Entry]] = {}
    for (route, method), entry in entries().items():
        by_route.setdefault(route, {})[method] = entry
    plain = [cell for entry in entries().values() for cell in cells(entry)]
    return plain + [cell for route, methods in by_route.items() for cell in probes(route, methods)]
