"""The templates that come with the product, one TOML file each; a changed file is a new version of its template."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sessions_app.pipeline.note_templates.definition import Definition, parse_definition

FOLDER = Path(__file__).parent
KEYS = ("soap", "dap", "birp", "girp", "pie", "emdr", "intake", "progress", "discharge")  # in the order of the list


@dataclass(frozen=True, slots=True)
class SystemTemplate:
    """A template of the product; `key` is its stable name."""

    key: str
    name: str
    description: str
    definition: Definition


@cache
def system_templates() -> tuple[SystemTemplate, ...]:
    """All of them, in the order of the list."""
    return tuple(_read(key) for key in KEYS)


def _read(key: str) -> SystemTemplate:
    data = tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
    definition = parse_definition({"sections": data["sections"]})
    return SystemTemplate(key, data["name"], data["description"], definition)
