"""The matrix: one test per route and method, with a cell per person, channel and variation."""

import pytest

from therapybridge.tests.matrix import cells, collecting, listing
from therapybridge.tests.matrix.judging import Judge, report

pytestmark = pytest.mark.django_db

CELLS = cells.everything()
BY_NAME: dict[str, list[cells.Cell]] = {}
for one in CELLS:
    BY_NAME.setdefault(f"{one.entry.method} {one.entry.route}", []).append(one)


@pytest.mark.matrix
@pytest.mark.parametrize("name", BY_NAME)
def test_every_cell_answers_as_listed(name: str, judge: Judge):
    wrong = [line for cell in BY_NAME[name] for line in judge.wrong(cell)]
    assert not wrong, report(wrong)


def test_every_route_method_and_task_is_listed_and_no_other():
    assert listing.differences(collecting.routes(), collecting.tasks()) == []


def test_every_route_and_task_is_listed_once_and_by_its_own_app():
    assert listing.misplaced(listing.files(), collecting.owners()) == []


def test_the_matrix_is_as_large_as_it_was_meant_to_be():
    # python -m therapybridge.tests.matrix prints what it is made of.
    assert len(CELLS) >= 2000
    assert {cell.identity for cell in CELLS} == set(listing.identities())
