"""Reading the files of the corpora."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

# The parser in C, where PyYAML has it, takes an eighth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def read(path: Path) -> Any:
    """The content of a file, which several tests read."""
    return yaml.load(path.read_text(encoding="utf-8"), LOADER)
