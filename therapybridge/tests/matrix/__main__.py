"""Print the size of the matrix: `python -m therapybridge.tests.matrix`."""

import os
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")
django.setup()

from therapybridge.tests.matrix import cells, collecting, listing  # noqa: E402 (after the settings)

found = cells.everything()
missing = [
    *listing.differences(collecting.routes(), collecting.tasks()),
    *listing.misplaced(listing.files(), collecting.owners()),
]
print(f"{len(listing.listed())} routes, {len(listing.entries())} routes and methods, {len(listing.tasks())} tasks")  # noqa: T201
print(f"{len(found)} cells: {dict(Counter(cell.kind for cell in found))}")  # noqa: T201
print(f"{len(missing)} not listed, not there or misplaced: {missing}")  # noqa: T201
