"""The matrix: one test per route and method, with a cell per person, channel and variation."""

import pytest

from therapybridge.tests.matrix import cells, collecting, listing
from therapybridge.tests.matrix.judging import Judge, report

pytestmark = pytest.mark.django_db

CELLS = cells.everything()
BY_NAME: dict[str, list[cells.Cell]] = {}
for one in CELLS:
    BY_NAME.setdefault(f"{one.entry.method} {one.entry.route}", []).append(one)


# They are refused before any row is looked for, by whatever database.
STOPPED_EARLY = {"anonymous", "mfa_pending", "enrol_due", "deactivated"}


@pytest.mark.matrix
@pytest.mark.parametrize("name", BY_NAME)
def test_every_cell_answers_as_listed(name: str, judge: Judge, pytestconfig: pytest.Config):
    asked = [cell for cell in BY_NAME[name] if not pytestconfig.getoption("services") or asks_rows(cell)]
    wrong = [line for cell in asked for line in judge.wrong(cell)]
    assert not wrong, report(wrong)


def asks_rows(cell: cells.Cell) -> bool:
    """Whether the response can depend on what a database finds; forged requests and HEAD repeat others."""
    return cell.kind in {"plain", "mixed"} and cell.identity not in STOPPED_EARLY


def test_every_route_method_and_task_is_listed_and_no_other():
    assert listing.differences(collecting.routes(), collecting.tasks()) == []


def test_every_route_and_task_is_listed_once_and_by_its_own_app():
    assert listing.misplaced(listing.files(), collecting.owners()) == []


def test_the_matrix_is_as_large_as_it_was_meant_to_be():
    # python -m therapybridge.tests.matrix prints what it is made of.
    assert len(CELLS) >= 2000
    assert {cell.identity for cell in CELLS} == set(listing.identities())
