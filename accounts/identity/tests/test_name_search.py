"""One search by name, for every list and filter."""

import pytest

from accounts.models import User
from accounts.tests.factories import PatientFactory

pytestmark = pytest.mark.django_db


def people(*names):
    for first, last in names:
        PatientFactory(first_name=first, last_name=last)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Łucja Żak", "Maya Rosen (Roth)"]),
        ("ros", ["Maya Rosen (Roth)"]),
        ("OSE aya", ["Maya Rosen (Roth)"]),
        ("ros x", []),
        ("łUC żAK", ["Łucja Żak"]),
        ("(roth)", ["Maya Rosen (Roth)"]),
        (".", []),
        ("%", []),
        ("\\", []),
    ],
)
def test_each_word_is_part_of_a_name_in_any_case(words, found):
    people(("Łucja", "Żak"), ("Maya", "Rosen (Roth)"))
    assert sorted(person.full_name for person in User.objects.all().named(words)) == sorted(found)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [("ÉLISE", " d'arc ", 1), ("Élise", "d'Ar", 0), ("lise", "d'Arc", 0), (".lise", "d'Arc", 0), ("Élise", "", 0)],
)
def test_a_full_name_is_never_found_by_a_part(first, last, found):
    people(("Élise", "d'Arc"))
    assert User.objects.all().with_full_name(first, last).count() == found
