"""The YAML files as objects, and what of them does not hold together."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
PARTS = ("account", "records", "admin")
# Of a route's row these may know, the patient and who treats; to all others it is as absent as one that never was.
IN_THE_KNOW = ("patient", "assigned", "emergency")
SAFE = ("GET", "HEAD", "OPTIONS")
USUAL = {
    ("api", "POST"): 201,
    ("api", "DELETE"): 204,
    ("page", "POST"): 302,
    ("page", "PUT"): 302,
    ("admin", "POST"): 302,
}


@dataclass(frozen=True)
class Rule:
    """A class of routes: identity → answer, and how many audit rows an answer leaves."""

    name: str
    answers: dict[str, Any]
    audit: dict[str, int]
    knows: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """One route and method."""

    route: str
    method: str
    rule: Rule
    ok: int
    given: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def surface(self) -> str:
        """What answers: the API, the admin site, or pages."""
        return surface_of(self.route)

    @property
    def is_safe(self) -> bool:
        """Whether the method only reads."""
        return self.method in SAFE


def surface_of(route: str) -> str:
    """The API, the admin site, or pages."""
    return "api" if route.startswith("api/") else "admin" if route.startswith("admin/") else "page"


@lru_cache(maxsize=1)
def texts() -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """The classes, the routes, the tasks."""
    routes: dict[str, Any] = {}
    for part in PARTS:
        found = _read(f"routes_{part}")
        if twice := routes.keys() & found.keys():
            raise ValueError(f"Listed twice: {sorted(twice)}")
        routes |= found
    return _read("classes"), routes, _read("tasks")


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text())


def identities() -> list[str]:
    """Everyone who asks."""
    return list(texts()[0]["identities"])


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """The classes; ValueError for one that forgets someone, or names someone twice."""
    return {name: _rule(name, said) for name, said in texts()[0]["classes"].items()}


def _rule(name: str, said: dict[str, Any]) -> Rule:
    answers: dict[str, Any] = {}
    groups = said["answers"]
    if not said.get("public"):
        groups = {"out": ["anonymous", "mfa_pending", "deactivated"], "enrol": ["enrol_due"]} | groups
    for answer, people in groups.items():
        for person in people:
            if person in answers:
                raise ValueError(f"{name} names {person} twice.")
            answers[person] = answer
    if forgotten := set(identities()) ^ set(answers):
        raise ValueError(f"{name} does not fit the identities: {sorted(forgotten)}")
    knows = frozenset(said.get("knows", IN_THE_KNOW))
    return Rule(name, answers, {"ok": 0, "denied": 0} | said.get("audit", {}), knows)


@lru_cache(maxsize=1)
def entries() -> dict[tuple[str, str], Entry]:
    """Every listed route and method."""
    found: dict[tuple[str, str], Entry] = {}
    for route, said in texts()[1].items():
        for methods in [key for key in said if key != "with"]:
            for method in methods.split(", "):
                found[route, method] = _entry(route, method, said[methods], said.get("with", {}))
    return found


def _entry(route: str, method: str, said: Any, given: dict[str, Any]) -> Entry:
    options = {"class": said} if isinstance(said, str) else dict(said)
    rule, but = rules()[options["class"]], options.get("but", {})
    usual = USUAL.get((surface_of(route), method), 200)
    audit = rule.audit | options.get("audit", {})
    changed = Rule(rule.name, rule.answers | but, audit, rule.knows | set(options.get("knows", ())))
    return Entry(route, method, changed, options.get("ok", usual), given | options.get("with", {}), options)


def listed() -> dict[str, set[str]]:
    """Route → methods, as the files have it."""
    found: dict[str, set[str]] = {}
    for route, method in entries():
        found.setdefault(route, set()).add(method)
    return found


def tasks() -> set[str]:
    """The tasks that someone has looked at."""
    return set(texts()[2])


def differences(real: dict[str, set[str]], real_tasks: set[str]) -> list[str]:
    """What is there and not listed, and the other way round."""
    have = {f"{method} {route}" for route, methods in real.items() for method in methods}
    have |= {f"task {name}" for name in real_tasks}
    said = {f"{method} {route}" for route, methods in listed().items() for method in methods}
    said |= {f"task {name}" for name in tasks()}
    return sorted([f"not listed: {one}" for one in have - said] + [f"not there: {one}" for one in said - have])
