"""Codes of ICD-10-CM: their shape, and the list that is searched."""

import pytest

from treatment.diagnoses.codes import RELEASE, all_codes, flaw_of, normal_code, search


def test_the_list_has_the_chapter_and_the_circumstances_and_nothing_else():
    codes = all_codes()
    assert len(codes) == 1257
    assert {code[0] for code in codes} == {"F", "Z"}
    assert min(code for code in codes if code[0] == "Z") == "Z55"
    assert max(codes) == "Z65.9"
    assert not [one for one in codes.values() if normal_code(one.code) != one.code or not one.description]


def test_a_category_is_told_from_a_code_that_is_billed():
    assert not all_codes()["F32"].is_billable
    assert all_codes()["F32.1"].is_billable


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("f32.1", "F32.1"),
        ("F321", "F32.1"),
        ("generalized anx", "F41.1"),
        ("anxiety generalized", "F41.1"),
        ("ptsd chronic", "F43.12"),
        ("culture shock", "F43.2"),
        ("spouse", "Z63.0"),
        ("z63", "Z63"),
    ],
)
def test_codes_are_found_by_their_beginning_or_by_words(text, first):
    assert search(text)[0].code == first


def test_nothing_is_found_for_what_is_not_there():
    assert search("xyzzy") == []
    assert search("!") == []


@pytest.mark.parametrize("code", ["F32.1", "F32", "G47.00", "C7A.00", "Z65.9"])
def test_codes_that_may_be_used(code):
    assert flaw_of(code) == ""


def test_flaws_are_said():
    assert "One looks like F32.1" in flaw_of("SAD")
    assert RELEASE in flaw_of("F99.9")


@pytest.mark.django_db
def test_therapists_look_codes_up(api_for, therapist, patient):
    told = api_for(therapist).get("/api/v1/diagnosis-codes", {"search": "F32.1"}).json()
    assert told["release"] == RELEASE
    assert [(one["code"], one["is_billable"]) for one in told["results"]] == [("F32.1", True)]
    assert api_for(patient).get("/api/v1/diagnosis-codes").status_code == 403
    assert api_for(therapist).get("/api/v1/diagnosis-codes", {"search": "x" * 101}).status_code == 400
