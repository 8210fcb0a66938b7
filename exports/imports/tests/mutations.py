"""Files that are wrong in one way each, drawn by a seed."""

import json
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

Path = list[Any]


def nodes(value: Any, path: Path | None = None) -> list[tuple[Path, Any]]:
    """Every value in JSON with the keys that lead to it."""
    path = path or []
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(path, value), *(node for key, one in inside for node in nodes(one, [*path, key]))]


def put(data: Any, path: Path, value: Any) -> Any:
    """The data with another value there."""
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = value
    return data


def _pick(data: Any, draw: Random, wanted: Callable[[Path, Any], bool]) -> Path:
    return draw.choice([path for path, value in nodes(data) if path and wanted(path, value)])


def _is_id(path: Path, value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value)) and len(value) == 36
    except ValueError:
        return False


def _is_reference(path: Path, value: Any) -> bool:
    """An id of something else in the record; those of practices and the source of a signature's hash are free."""
    free = path[0] in ("practice", "about", "origins") or "template" in path
    return path[-1] != "id" and _is_id(path, value) and not free


def wrong_type(data: Any, draw: Random) -> None:
    path = _pick(data, draw, lambda path, value: isinstance(value, bool | int | float | str) and _is_typed(path))
    held = data
    for key in path:
        held = held[key]
    put(data, path, [held] if draw.random() < 0.5 else {"value": held})


def _is_typed(path: Path) -> bool:
    """Not inside what is stored as it is, such as definitions and metadata."""
    free = {"metadata", "definition", "notes", "content", "smart", "measurement", "outcome", "seen", "warnings"}
    return not free & {str(key) for key in path} and path[0] not in ("about", "practice")


def cycle(data: Any, draw: Random) -> None:
    goals = data["treatment"]["goals"]
    below = draw.choice([one for one in goals if one["parent"]])
    above = next(one for one in goals if one["id"] == below["parent"])
    above["parent"] = below["id"]


def foreign_id(data: Any, draw: Random) -> None:
    path = _pick(data, draw, _is_reference)
    put(data, path, str(UUID(int=draw.getrandbits(128), version=4)))


def missing(data: Any, draw: Random) -> None:
    path = _pick(data, draw, lambda path, value: isinstance(path[-1], str) and _is_needed(path))
    held = data
    for key in path[:-1]:
        held = held[key]
    del held[path[-1]]


def _is_needed(path: Path) -> bool:
    return path[-1] in {"id", "status", "first_name", "definition", "revision", "plan", "level", "started_at", "kind"}


def huge_text(data: Any, draw: Random) -> None:
    path = _pick(data, draw, lambda path, value: isinstance(value, str))
    put(data, path, "x" * 200_001)


def too_long_for_its_column(data: Any, draw: Random) -> None:
    part = draw.choice(data["events"] + data["sessions"] + data["treatment"]["results"] + data["consents"])
    name = draw.choice([one for one in ("subtype", "modality", "instrument", "version") if one in part])
    part[name] = "x" * 500


def duplicate_id(data: Any, draw: Random) -> None:
    lists = ["sessions", "notes", "events", "consents", "action_items", "risk_reviews"]
    rows = data[draw.choice(lists)]
    first, second = draw.sample(rows, 2)
    second["id"] = first["id"]


def same_row_twice(data: Any, draw: Random) -> None:
    rows = draw.choice([data["treatment"][name] for name in ("goals", "plans", "results")] + [data["notes"]])
    rows.append(dict(draw.choice(rows)))


def deep(data: Any, draw: Random) -> None:
    inner: Any = []
    for _ in range(draw.choice([60, 500])):
        inner = [inner]
    draw.choice(data["events"])["metadata"] = {"deep": inner}


def nul(data: Any, draw: Random) -> None:
    path = _pick(data, draw, lambda path, value: isinstance(value, str))
    put(data, path, "a\x00b")


def wrong_choice(data: Any, draw: Random) -> None:
    named = {"status", "kind", "modality", "importance", "role", "priority", "term", "better", "rhythm", "filled_by"}
    path = _pick(data, draw, lambda path, value: path[-1] in named and isinstance(value, str) and path[0] != "about")
    put(data, path, "nonsense")


def naive_moment(data: Any, draw: Random) -> None:
    path = _pick(data, draw, lambda path, value: str(path[-1]).endswith("_at") and isinstance(value, str))
    put(data, path, "2026-03-02T12:00:00")


def unlikely_day(data: Any, draw: Random) -> None:
    path = _pick(data, draw, lambda path, value: path[-1] in ("day", "start_date", "due_date") and bool(value))
    put(data, path, draw.choice(["0001-01-01", "9999-12-31"]))


def tampered(data: Any, draw: Random) -> None:
    """Another word in a signed note."""
    note = draw.choice([one for one in data["notes"] if one["signatures"]])
    field = draw.choice([one for one in note["content"]["fields"].values() if isinstance(one["value"], str)])
    field["value"] += " not"


def unknown_field(data: Any, draw: Random) -> None:
    path = _pick(data, draw, lambda path, value: isinstance(value, dict) and "id" in value and _is_typed(path))
    held = data
    for key in path:
        held = held[key]
    held["is_superuser"] = True


def wrong_shape(data: Any, draw: Random) -> None:
    outcome = draw.choice(data["treatment"]["results"])["outcome"]
    note = draw.choice(data["notes"])["content"]
    draw.choice(
        [
            lambda: outcome.update(total="many"),
            lambda: outcome.pop("answers"),
            lambda: note.update(fields=[]),
            lambda: note.update(leftovers={"a": 1}),
            lambda: data["risk_reviews"][0].update(seen={"type": "x"}),
            lambda: data["sessions"][0]["drafts"][0]["notes"].update(key_topics=["text"]),
            lambda: data["templates"][0].update(definition={"sections": [{"title": 1}]}),
        ]
    )()


def other_head(data: Any, draw: Random) -> None:
    name, value = draw.choice(
        [("format", "other"), ("version", 99), ("kind", "timeline"), ("is_for_patient", True), ("version", "1")]
    )
    data["about"][name] = value


def another_patient(data: Any, draw: Random) -> None:
    """The patient becomes somebody of the staff."""
    data["patient"]["id"] = draw.choice(data["staff"])["id"]


def broken_rule(data: Any, draw: Random) -> None:
    """What the constraints of the tables forbid."""
    draw.choice(
        [
            lambda: data["treatment"]["goals"][0].update(progress=101),
            lambda: data["treatment"]["plans"][0].update(status="completed", ended_date=None),
            lambda: data["treatment"]["trackers"][0].update(every_days=None, rhythm="custom"),
            lambda: data["treatment"]["schedules"][0].update(every_days=0),
            lambda: data["sessions"][0]["summary"].update(status="shared", approved_at=None),
            lambda: data["action_items"][0].update(status="abandoned", reason=None),
            lambda: data["notes"][0].update(status="signed", signed_at=None),
        ]
    )()


MUTATIONS = (
    *(wrong_type, cycle, foreign_id, missing, huge_text, too_long_for_its_column, duplicate_id, same_row_twice, deep),
    *(nul, wrong_choice, naive_moment, unlikely_day, tampered, unknown_field, wrong_shape, other_head, another_patient),
    broken_rule,
)
# Of the bytes.
BROKEN: tuple[tuple[str, Callable[[bytes, Random], bytes]], ...] = (
    ("cut", lambda data, draw: data[: draw.randint(1, len(data) - 1)]),
    ("nan", lambda data, draw: data.replace(b'"progress": 30', b'"progress": NaN', 1)),
    ("latin", lambda data, draw: data.replace(b"somebody", b"some\xe4body", 1)),
    ("half a character", lambda data, draw: data.replace(b"somebody", rb"some\ud800body", 1)),
    ("empty", lambda data, draw: b""),
    ("list", lambda data, draw: b"[" + data + b"]"),
    ("deep", lambda data, draw: b"[" * 100_000 + b"]" * 100_000),
    ("zip", lambda data, draw: b"PK\x03\x04" + data),
)


def mutated(original: bytes, seed: int) -> tuple[str, bytes]:
    """A file that is wrong in one way, and the name of that."""
    draw = Random(seed)
    if seed % 10 == 0:
        name, change = BROKEN[seed // 10 % len(BROKEN)]
        return name, change(original, draw)
    data = json.loads(original)
    change = MUTATIONS[seed % len(MUTATIONS)]
    change(data, draw)
    return change.__name__, json.dumps(data, ensure_ascii=False).encode()
