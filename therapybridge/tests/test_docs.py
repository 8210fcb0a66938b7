"""The documentation: links work, quotations are current, and the data model's picture matches the models."""

import re
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management.base import CommandError
from drf_spectacular.generators import SchemaGenerator

from therapybridge.management.commands import draw_data_model
from therapybridge.tests.test_architecture import is_ours

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"^```\w+\n# (\S+/\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"\b(?:[A-Za-z]+_\w+|[A-Z]+[a-z]+[A-Z]\w*)\b")
# Of other programs.
FOREIGN = {
    *("DJANGO_SUPERUSER_PASSWORD", "acks_late", "user__email"),
    *("btree_gin", "max_prepared_statements", "pg_trgm"),
    *("log_error_verbosity", "log_parameter_max_length", "log_statement"),
    *("LimitCORE", "MaxRetentionSec", "SystemMaxUse", "proxy_connect_timeout", "proxy_pass"),
}
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|md|html|txt|yaml|css|js))`")


def our_models() -> list[str]:
    ours = [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]
    return [model.__name__ for config in ours for model in config.get_models()]


def prose_of(document: Path) -> str:
    """Its text without fenced examples."""
    return FENCED.sub("", document.read_text())


def anchors(document: Path) -> set[str]:
    """The anchors of its headings: lower case, hyphens for spaces, no other punctuation."""
    return {re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in HEADING.findall(prose_of(document))}


def leads_somewhere(document: Path, file: str, anchor: str) -> bool:
    target = document.parent / file if file else document
    return target.exists() and (not anchor or anchor in anchors(target))


def missing(document: Path) -> Iterator[str]:
    """Links relative to the document, and paths in backticks relative to the root, outside fenced examples."""
    prose = prose_of(document)
    for file, anchor in LINK.findall(prose):
        if not leads_somewhere(document, file, anchor):
            yield f"{file}#{anchor}" if anchor else file
    yield from (path for path in PATH.findall(prose) if not (ROOT / path).exists())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(document):
    assert list(missing(document)) == []


def test_a_path_that_leads_nowhere_is_noticed(tmp_path):
    document = tmp_path / "page.md"
    document.write_text("[there](page.md) [gone](gone.md) `accounts/gone.py`\n```\n`accounts/example.py`\n```\n")
    assert list(missing(document)) == ["gone.md", "accounts/gone.py"]


def test_an_anchor_without_its_heading_is_noticed(tmp_path):
    document = tmp_path / "page.md"
    links = ["[a](#who-may-do-it)", "[b](page.md#who-may-do-it)", "[c](#gone)", "[d](page.md#example)"]
    document.write_text("# Who may: do it?\n```sh\n# Example\n```\n" + "\n".join(links))
    assert list(missing(document)) == ["#gone", "page.md#example"]


def unproven(text: str) -> Iterator[str]:
    """Safeguards without a test file, and named files without tests."""
    rows = [row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("| ")]
    for safeguard, proof in rows:
        files = re.findall(r"`([^`]+)`", proof)
        yield from [safeguard] if not files and (safeguard, proof) != ("safeguard", "proof") else []
        yield from (file for file in files if not is_proof(ROOT / file))


def is_proof(file: Path) -> bool:
    """Test files, of the browser too, or the plugin that watches all tests."""
    words = "autouse=True" if file.name == "leaks.py" else "def test_"
    return file.is_file() and bool({"tests", "e2e"} & set(file.parts)) and words in file.read_text()


def test_every_safeguard_names_the_tests_that_prove_it():
    text = (ROOT / "docs" / "security.md").read_text()
    assert text.count("test_") > 60
    assert list(unproven(text)) == []


def test_a_safeguard_without_proof_is_named():
    table = "| safeguard | proof |\n|---|---|\n| Locks | `a/tests/test_gone.py` |\n| Keys | see below |\n"
    assert list(unproven(table)) == ["a/tests/test_gone.py", "Keys"]


def quotations() -> Iterator[tuple[str, str, str]]:
    """Document, file and text of each fenced block whose first line names its file, split at omissions."""
    for document in DOCUMENTS:
        for file, text in QUOTED.findall(document.read_text()):
            for part in re.split(r"^\.\.\.\n", text, flags=re.MULTILINE):
                yield document.name, file, part


def plain(text: str) -> str:
    """Without indentation and surrounding empty lines."""
    return "\n".join(line.strip() for line in text.strip().splitlines())


def test_quotations_are_as_in_the_code():
    found = list(quotations())
    assert len(found) > 10
    assert [one for one in found if plain(one[2]) not in plain((ROOT / one[1]).read_text())] == []


def section_of(document: Path, heading: str) -> str:
    """The text below a heading, up to the next one of any level."""
    return re.split(r"^#+ ", document.read_text().split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def with_plain_ids(path: str) -> str:
    return re.sub(r"\{\w+\}", "{id}", path.removeprefix("/api/v1/"))


def test_the_api_names_every_post_that_takes_an_idempotency_key():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    takers = {
        with_plain_ids(path)
        for path, methods in paths.items()
        for operation in methods.values()
        if "Idempotency-Key" in {one["name"] for one in operation.get("parameters", [])}
    }
    _, listed, _ = section_of(ROOT / "docs" / "api.md", "Idempotency").strip().split("\n\n")
    assert {with_plain_ids(path) for path in CODE.findall(listed)} == takers


def words_of_the_code() -> set[str]:
    suffixes = {".py", ".html", ".yaml", ".js", ".css"}
    files = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.suffix in suffixes]
    files = [Path(".env.example"), Path(".importlinter"), Path("Procfile"), *filter(is_ours, files)]
    return set(re.findall(r"\w+", "\n".join(f"{file}\n{(ROOT / file).read_text()}" for file in files)))


@pytest.mark.slow
def test_names_in_prose_are_names_of_the_code():
    known = words_of_the_code() | FOREIGN
    named = {
        (document.name, name)
        for document in DOCUMENTS
        if document.name != "CHANGELOG.md"  # which also tells of names that were
        for code in CODE.findall(prose_of(document))
        for name in NAME.findall(code)
    }
    assert len(named) > 100
    assert {one for one in named if one[1] not in known} == set()


def rooms() -> list[str]:
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter")
    return re.findall(r"\w+", contracts["importlinter:contract:rooms"]["layers"])


def test_the_architecture_explains_every_room():
    text = (ROOT / "docs" / "architecture.md").read_text()
    assert {"models", "services"} < set(rooms())
    assert [room for room in rooms() if f"`{room}`" not in text] == []


@pytest.mark.parametrize("file", ["data-model.svg", "data-model.md"])
def test_the_data_model_names_every_model(file):
    text = (ROOT / "docs" / file).read_text()
    assert len(our_models()) > 20
    assert [name for name in our_models() if not re.search(rf"\b{name}\b", text)] == []


def test_the_picture_is_drawn_from_the_models_as_they_are():
    drawn = draw_data_model.draw() == draw_data_model.PICTURE.read_text()
    assert drawn, "Draw it anew: ./dev manage draw_data_model"


def test_a_model_without_a_place_is_named(monkeypatch):
    monkeypatch.setitem(draw_data_model.FLOORS, "timeline", ({}, {"TimelineEvent": ""}, {}))
    with pytest.raises(CommandError, match="TimelineCount"):
        draw_data_model.draw()
