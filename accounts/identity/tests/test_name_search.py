"""One search by name, for every list, filter and look-up, in whatever spelling."""

import pytest

from accounts.identity.tests import spellings
from accounts.models import User
from accounts.tests.factories import PatientFactory
from therapybridge.core.text import fold_name

pytestmark = pytest.mark.django_db


def people(*names):
    for first, last in names:
        PatientFactory(first_name=first, last_name=last)


@pytest.fixture
def two_hundred():
    """The 200 people of the oracle, by the row of each."""
    everyone = {
        PatientFactory(first_name=name.own[0][0], last_name=name.own[0][1]): name for name in spellings.people()
    }
    assert len(everyone) == 200
    return everyone


def test_each_of_two_hundred_people_is_found_in_every_spelling_and_nobody_else(two_hundred):
    for person, name in two_hundred.items():
        for first, last in spellings.typed([*name.own, *name.spelled_out]):
            assert list(User.objects.with_full_name(first, last)) == [person], (first, last)
            assert list(User.objects.all().named(f"{last}, {first}")) == [person], (first, last)


def test_whatever_spelling_is_stored_the_others_find_it(two_hundred):
    for person, (own, spelled_out) in two_hundred.items():
        pairs = [*zip(own[1:], reversed(own), strict=False), *((stored, own[0]) for stored in spelled_out)]
        for stored, asked in pairs:
            person.first_name, person.last_name = stored
            person.save()
            assert list(User.objects.with_full_name(*asked)) == [person], (stored, asked)
            assert person in User.objects.all().named(" ".join(asked)), (stored, asked)


@pytest.mark.parametrize(("stored", "asked"), list(spellings.strangers()))
def test_different_names_are_different_people(stored, asked):
    people(stored)
    assert User.objects.with_full_name(*stored).count() == 1
    assert not User.objects.with_full_name(*asked).exists()
    people(asked)
    assert User.objects.with_full_name(*asked).count() == 1
    assert User.objects.with_full_name(*stored).count() == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Łucja Żak", "Maya Rosen (Roth)"]),
        ("ros", ["Maya Rosen (Roth)"]),
        ("OSE aya", ["Maya Rosen (Roth)"]),
        ("ros x", []),
        ("łUC żAK", ["Łucja Żak"]),
        ("lucja zak", ["Łucja Żak"]),
        ("(roth)", ["Maya Rosen (Roth)"]),
        (".", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'", []),
        ("-", []),
    ],
)
def test_each_word_is_part_of_a_name_in_any_case(words, found):
    people(("Łucja", "Żak"), ("Maya", "Rosen (Roth)"))
    assert sorted(person.full_name for person in User.objects.all().named(words)) == sorted(found)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("ÉLISE", " d'arc ", 1),
        ("Elise", "d’Arc", 1),  # noqa: RUF001
        ("Élise", "d'Ar", 0),
        ("lise", "d'Arc", 0),
        (".lise", "d'Arc", 0),
        ("Élise", "", 0),
        ("'", "-", 0),
    ],
)
def test_a_full_name_is_never_found_by_a_part(first, last, found):
    people(("Élise", "d'Arc"))
    assert User.objects.all().with_full_name(first, last).count() == found


@pytest.mark.parametrize(
    ("first", "second"),
    [("कमल", "कमला"), ("がく", "かく"), ("Anne", "Hanne")],  # vowel signs and voicing are letters, not accents
)
def test_names_that_differ_in_a_letter_stay_apart(first, second):
    assert fold_name(first) != fold_name(second)


def test_a_renamed_patient_is_found_by_the_new_name_alone():
    patient = PatientFactory(first_name="Renée", last_name="Roth")
    patient.first_name = "Zoe\N{COMBINING DIAERESIS}"
    patient.save(update_fields=["first_name"])
    patient.refresh_from_db()
    assert (patient.first_name, patient.folded_name) == ("Zoë", "zoe roth (zoe) [roth]")
    assert not User.objects.with_full_name("Renée", "Roth").exists()
