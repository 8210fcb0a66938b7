"""Icons: a name without a drawing leaves a gap on the page that no other test sees."""

import re
from pathlib import Path

from therapybridge.tests.test_architecture import ROOT, python_files
from timeline.choices import EVENT_TYPES

DRAWN = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "img" / "icons.svg").read_text()))
NAMED = re.compile(r'\{% icon "([\w-]+)"|\bicon="([\w-]+)"')
KINDS = {kind.icon for kind in EVENT_TYPES.values()}


def sources() -> list[Path]:
    """Templates, scripts and code, without tests."""
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").rglob("*.js")]
    return [*pages, *(path for path in python_files() if "tests" not in path.parts)]


def test_each_icon_that_is_named_is_drawn_and_each_that_is_drawn_is_named():
    text = "\n".join(path.read_text() for path in sources())
    named = {name for names in NAMED.findall(text) for name in names if name}
    assert len(named) > 20
    assert (named | KINDS) - DRAWN == set()
    assert {icon for icon in DRAWN - KINDS if f'"{icon}"' not in text} == set()
