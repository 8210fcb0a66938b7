"""The YAML files as objects, and their consistency checks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings

HERE = Path(__file__).parent
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
# What a file lists: {"routes": …, "tasks": …}.
Listed = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Rule:
    """A class of routes: identity → answer, and the number of audit rows."""

    name: str
    answers: dict[str, Any]
    audit: dict[str, int]
    knows: frozenset[str] = frozenset()
    is_public: bool = False


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
        """The surface: API, admin site, or pages."""
        return surface_of(self.route)

    @property
    def is_safe(self) -> bool:
        """Whether the method is safe."""
        return self.method in SAFE

    @property
    def refusals(self) -> dict[str, Any]:
        """Responses to refused identities: answer → status and redirect target."""
        usual: dict[str, Any] = shared()["refusals"][self.surface]
        return usual | self.options.get("refusals", {})


def surface_of(route: str) -> str:
    """The API, the admin site, or pages."""
    return "api" if route.startswith("api/") else "admin" if route.startswith("admin/") else "page"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """A YAML loader that rejects duplicate keys; in C where PyYAML has it, which takes an eighth of the time."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {str(key) for key in keys if keys.count(key) > 1}:
            raise yaml.constructor.ConstructorError(None, None, f"Listed twice: {sorted(twice)}", node.start_mark)
        return super().construct_mapping(node, deep)


def read(text: str) -> Any:
    """A file's content; an error names duplicate keys."""
    return yaml.load(text, _Loader)  # a SafeLoader


@lru_cache(maxsize=1)
def shared() -> dict[str, Any]:
    """Shared definitions: identities, refusals, classes, shorthands, rows of others."""
    found: dict[str, Any] = read((HERE / "classes.yaml").read_text())
    return found


@lru_cache(maxsize=1)
def files() -> dict[str, Listed]:
    """Each app's listing, by the file's path within the project."""
    root = Path(settings.BASE_DIR)
    packages = [Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == root]
    found = sorted(path for package in packages for path in package.glob("**/tests/matrix.yaml"))
    return {str(path.relative_to(root)): read(path.read_text()) for path in found}


def identities() -> list[str]:
    """All identities."""
    return list(shared()["identities"])


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """The classes; ValueError for one that omits an identity or names it twice."""
    return {name: _rule(name, said) for name, said in shared()["classes"].items()}


def _rule(name: str, said: dict[str, Any]) -> Rule:
    answers: dict[str, Any] = {}
    groups, is_public = said["answers"], said.get("public", False)
    if not is_public:
        groups = {"out": ["anonymous", "mfa_pending", "deactivated"], "enrol": ["enrol_due"]} | groups
    for answer, people in groups.items():
        for person in people:
            if person in answers:
                raise ValueError(f"{name} names {person} twice.")
            answers[person] = answer
    if forgotten := set(identities()) ^ set(answers):
        raise ValueError(f"{name} does not fit the identities: {sorted(forgotten)}")
    knows = frozenset(said.get("knows", IN_THE_KNOW))
    return Rule(name, answers, {"ok": 0, "denied": 0} | said.get("audit", {}), knows, is_public)


@lru_cache(maxsize=1)
def entries() -> dict[tuple[str, str], Entry]:
    """Every listed route and method."""
    found: dict[tuple[str, str], Entry] = {}
    for listed in files().values():
        for route, said in listed.get("routes", {}).items():
            for methods in [key for key in said if key != "with"]:
                for method in methods.split(", "):
                    found[route, method] = _entry(route, method, said[methods], said.get("with", {}))
    return found


def _entry(route: str, method: str, said: Any, given: dict[str, Any]) -> Entry:
    options = _options({"class": said} if isinstance(said, str) else said)
    rule, but = rules()[options["class"]], options.get("but", {})
    usual = USUAL.get((surface_of(route), method), 200)
    audit = rule.audit | options.get("audit", {})
    knows = rule.knows | set(options.get("knows", ()))
    changed = Rule(rule.name, rule.answers | but, audit, knows, rule.is_public)
    return Entry(route, method, changed, options.get("ok", usual), given | options.get("with", {}), options)


def _options(said: dict[str, Any]) -> dict[str, Any]:
    """A route's entry, with shorthands expanded."""
    shorthand = shared()["shorthands"].get(said["class"], {})
    options = shorthand | said | {"class": shorthand.get("class", said["class"])}
    if isinstance(mixed := options.get("mixed"), str):
        options["mixed"] = shared()["mixed"][mixed]
    return options


def listed() -> dict[str, set[str]]:
    """Route → methods, as listed."""
    found: dict[str, set[str]] = {}
    for route, method in entries():
        found.setdefault(route, set()).add(method)
    return found


def tasks() -> set[str]:
    """All listed tasks."""
    return {name for listed in files().values() for name in listed.get("tasks", {})}


def differences(real: dict[str, set[str]], real_tasks: set[str]) -> list[str]:
    """Unlisted routes and tasks, and listed ones that do not exist."""
    have = {f"{method} {route}" for route, methods in real.items() for method in methods}
    have |= {f"task {name}" for name in real_tasks}
    said = {f"{method} {route}" for route, methods in listed().items() for method in methods}
    said |= {f"task {name}" for name in tasks()}
    return sorted([f"not listed: {one}" for one in have - said] + [f"not there: {one}" for one in said - have])


def misplaced(listings: Mapping[str, Listed], owners: Mapping[str, str]) -> list[str]:
    """Routes and tasks listed twice, or in another app's file."""
    places: dict[str, list[str]] = {}
    for path, content in listings.items():
        for name in [*content.get("routes", {}), *content.get("tasks", {})]:
            places.setdefault(name, []).append(path)
    return sorted(line for name, paths in places.items() for line in _misplaced(name, paths, owners.get(name)))


def _misplaced(name: str, paths: list[str], owner: str | None) -> Iterator[str]:
    if len(paths) > 1:
        yield f"listed twice: {name} ({', '.join(sorted(paths))})"
    for path in paths:
        if owner and path.partition("/")[0] != owner:
            yield f"of {owner}: {name} ({path})"
