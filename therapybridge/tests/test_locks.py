"""The lock files name each extra that a locked package requires: older pips look for a newer release otherwise."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [["requirements.txt"], ["requirements.txt", "requirements-dev.txt"], ["requirements-pip.txt"]]
Extras = dict[str, set[str]]


def locked_extras(lock: str) -> Extras:
    """Each locked package with its named extras."""
    lines = re.findall(r"^(\S.*?==\S+.*?) *\\$", lock, re.MULTILINE)
    found: Extras = {}
    for requirement in map(Requirement, lines):
        found.setdefault(canonicalize_name(requirement.name), set()).update(requirement.extras)
    return found


def asked_by(name: str, extras: set[str]) -> Iterator[Requirement]:
    """The requirements of an installed package in this environment."""
    try:
        wanted = [Requirement(text) for text in requires(name) or []]
    except PackageNotFoundError:
        return
    for requirement, extra in product(wanted, ["", *extras]):
        if not requirement.marker or requirement.marker.evaluate({"extra": extra}):
            yield requirement


def unnamed_extras(extras: Extras) -> set[str]:
    return {
        f"{name} asks for {requirement.name}[{extra}]"
        for name, chosen in extras.items()
        for requirement in asked_by(name, chosen)
        for extra in requirement.extras - extras.get(canonicalize_name(requirement.name), set())
    }


@pytest.mark.parametrize("files", LOCKS, ids=" ".join)
def test_each_extra_that_is_asked_for_is_named(files):
    extras = locked_extras("".join((ROOT / file).read_text() for file in files))
    assert extras
    assert unnamed_extras(extras) == set()


@pytest.mark.parametrize("file", sorted({file for files in LOCKS for file in files}))
def test_only_wheels_are_installed(file):
    assert "--only-binary :all:" in (ROOT / file).read_text().splitlines()


def test_an_extra_that_is_not_named_is_noticed():
    extras = locked_extras("celery[redis, yaml]==5.7.0 \\\nkombu[yaml]==5.7.0 ; python_version >= '3' \\\n")
    assert extras == {"celery": {"redis", "yaml"}, "kombu": {"yaml"}}
    assert unnamed_extras(extras) == {"celery asks for kombu[redis]"}
