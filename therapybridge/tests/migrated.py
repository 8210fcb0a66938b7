"""The name of the database that the migrations make: it changes with anything that a migration is made of."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Migrations, and what they import: their package list stands for those of other packages.
MADE_OF = (
    *("*/migrations/*.py", "therapybridge/core/*.py", "accounts/identity/*.py", "accounts/consent/services/*.py"),
    *("audit/*.py", "requirements.txt"),
)


def fingerprint(files: Iterable[Path]) -> str:
    """Changes with a name or a byte of any of the files."""
    found = hashlib.sha256()
    for path in sorted(files):
        found.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()[:16]


def name_of_migrated() -> str:
    """The database's name for the migrations as they are now."""
    return f"migrated_{fingerprint(path for pattern in MADE_OF for path in ROOT.glob(pattern))}"
