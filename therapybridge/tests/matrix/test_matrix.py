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
    asked = BY_NAME[name]
    if pytestconfig.getoption("services"):
        asked = asking_rows(asked)
    wrong = [line for cell in asked for line in judge.wrong(cell)]
    assert not wrong, report(wrong)


def asking_rows(found: list[cells.Cell]) -> list[cells.Cell]:
    """Those whose response can depend on what a database finds: forged requests and HEAD repeat others, the channel
    makes no difference, and everyone who is refused in one way is refused by one statement.
    """
    asked = [one for one in found if one.kind in {"plain", "mixed"} and one.identity not in STOPPED_EARLY]
    by_response = {(one.answer, one.identity if one.answer == "ok" else "", repr(one.changes)): one for one in asked}
    return list(by_response.values())


def test_every_route_method_and_task_is_listed_and_no_other():
    assert listing.differences(collecting.routes(), collecting.tasks()) == []


def test_every_route_and_task_is_listed_once_and_by_its_own_app():
    assert listing.misplaced(listing.files(), collecting.owners()) == []


def test_the_matrix_is_as_large_as_it_was_meant_to_be():
    # python -m therapybridge.tests.matrix prints what it is made of.
    assert len(CELLS) >= 2000
    assert {cell.identity for cell in CELLS} == set(listing.identities())
