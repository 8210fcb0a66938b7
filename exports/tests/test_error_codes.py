"""Every code of an error that exports and imports raise is explained in docs/exports.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

from exports.imports.services.reading import HEAD

APP = Path(__file__).resolve().parents[1]
DOCUMENT = APP.parent / "docs" / "exports.md"
RAISING = {"ImportRefused", "fail", "_fail", "failure"}


def texts(nodes: list[ast.expr]) -> Iterator[str]:
    """Those that are one word, as codes are; the others are sentences."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            yield node.value


def codes_in(node: ast.AST) -> Iterator[str]:
    """Those that a call passes on, a class has, or a row gets."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        yield from texts(node.args[:2]) if name in RAISING else ()
        yield from texts([one.value for one in node.keywords if one.arg == "code"])
    elif isinstance(node, ast.Assign) and [getattr(one, "id", "") for one in node.targets] == ["code"]:
        yield from texts([node.value])
    elif isinstance(node, ast.Dict):
        named = zip(node.keys, node.values, strict=True)
        yield from texts([value for key, value in named if getattr(key, "value", "") == "error_code"])


def codes_of_the_app() -> set[str]:
    files = [file for file in APP.rglob("*.py") if "tests" not in file.parts]
    found = {code for file in files for node in ast.walk(ast.parse(file.read_text())) for code in codes_in(node)}
    return (found | {code for _, _, code in HEAD}) - {""}


def test_every_code_is_explained():
    codes = codes_of_the_app()
    assert {"signature_broken", "not_a_record", "access_ended", "discarded", "gave_up", "not_zip"} <= codes
    text = DOCUMENT.read_text()
    assert [code for code in sorted(codes) if f"`{code}`" not in text] == []
