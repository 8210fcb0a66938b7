"""Architecture: short files, short functions, downward imports."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
APART = {"migrations", "vendor", "node_modules", "generated", "var", "build", "staticfiles"}
PROJECT = "therapybridge"
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60


def python_files() -> list[Path]:
    return [path for path in sorted(ROOT.rglob("*.py")) if is_ours(path.relative_to(ROOT))]


def is_ours(path: Path) -> bool:
    return not any(part in APART or part.startswith(".") for part in path.parts)


def long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines"


def test_the_tree_is_found():
    assert ROOT / "therapybridge" / "settings.py" in python_files()
    assert not any("site-packages" in path.parts or "migrations" in path.parts for path in python_files())


def test_no_file_is_longer_than_400_lines():
    shown = [path for folder in ("static/css", "static/js", "templates") for path in (ROOT / folder).rglob("*.*")]
    sizes = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in [*python_files(), *shown]}
    assert {str(path): size for path, size in sizes.items() if size > MAX_FILE_LINES} == {}


@pytest.mark.slow
def test_no_function_is_longer_than_60_lines():
    assert [function for path in python_files() for function in long_functions(path)] == []


def test_a_long_function_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr("therapybridge.tests.test_architecture.ROOT", tmp_path)
    (tmp_path / "long.py").write_text("def f():\n" + "    x = 1\n" * 60 + "def g():\n" + "    x = 1\n" * 59)
    assert list(long_functions(tmp_path / "long.py")) == ["long.py:1 f: 61 lines"]


def test_no_app_has_a_drawer_for_everything():
    drawers = {"utils.py", "helpers.py", "common.py", "misc.py", "managers.py"}
    assert [str(path) for path in python_files() if path.name in drawers] == []


def test_every_app_of_ours_is_under_the_contracts():
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter")
    packages = {app.name.partition(".")[0] for app in apps.get_app_configs()}
    ours = {name for name in packages if (ROOT / name).is_dir()}
    assert {PROJECT, "audit"} <= ours
    assert ours - set(contracts["importlinter"]["root_packages"].split()) == set()
    assert ours - {PROJECT} - set(contracts["importlinter:contract:rooms"]["apps"].split()) == set()


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    lint = Path(sys.executable).with_name("lint-imports")
    command = [lint, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.processes
def test_imports_only_point_downwards():
    """The contracts of .importlinter: floors between apps, rooms, a pure pipeline, no cycles, one order of subjects."""
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the Python files and contracts, for violations."""
    for path in [*python_files(), ROOT / ".importlinter"]:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text())
    return tmp_path


@pytest.mark.processes
@pytest.mark.parametrize(
    ("module", "line", "complaint"),
    [
        ("timeline/stray.py", "", "Without a room: timeline.stray"),
        ("accounts/care/helping.py", "", "Without a room: accounts.care.helping"),
        ("timeline/models.py", "from timeline import views", "Upward: timeline.models -> timeline.views"),
        ("accounts/mail/models.py", "from accounts.mail import tasks", "Cycle: "),
        (
            "treatment/goals/services/library.py",
            "from treatment.reports import forms",
            "treatment.goals is not allowed to import treatment.reports",
        ),
    ],
)
def test_what_has_no_room_or_looks_up_is_refused(copy, module, line, complaint):
    path = copy / module
    path.write_text(f"{path.read_text() if path.exists() else ''}\n{line}\n")
    done = lint_imports(copy)
    assert done.returncode == 1
    assert complaint in " ".join(done.stdout.split())


@pytest.mark.slow
def test_no_process_starts_with_what_only_a_worker_needs():
    """The client of a language model costs each start seconds and 40 MB."""
    loaded = "import sys, therapybridge.urls; print({'openai', 'weasyprint', 'moonshine_voice'} & set(sys.modules))"
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", loaded]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "set()\n"
