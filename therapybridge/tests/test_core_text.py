"""Names, addresses and passwords in one form, and free text within its length."""

import pytest
from django.core.exceptions import ValidationError

from therapybridge.core.errors import InvalidInput
from therapybridge.core.text import (
    INVISIBLE,
    PILED,
    all_written,
    composed,
    fold_name,
    password_forms,
    same_address,
    tidy,
    tidy_address,
    tidy_lines,
    written,
)

UNSEEN = [
    "\u200b",
    "\u200f",
    "\u00ad",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u3164",
    "\u2800",
    "\ufe0f",
    "\u0000",
    "\U000e0041",
]


@pytest.mark.parametrize("char", UNSEEN)
@pytest.mark.parametrize("clean", [tidy, tidy_lines, tidy_address])
def test_what_cannot_be_seen_is_refused_with_a_sentence(clean, char):
    with pytest.raises(ValidationError, match=INVISIBLE):
        clean(f"lin{char}@ex.example")


def test_a_name_is_composed_and_its_spaces_are_plain():
    assert tidy(" Zoe\u0308 \u00a0 Roth\u2003") == "Zoë Roth"
    assert tidy_lines("12 \u00a0Rue\r\n Zoe\u0308\n") == "12 Rue\nZoë"


def test_joiners_stay_where_a_script_needs_them_and_do_not_count_when_searching():
    name = "\u0627\u0645\u06cc\u0631\u200c\u062d\u0633\u06cc\u0646"
    assert tidy(name) == name
    assert fold_name(name) == fold_name(name.replace("\u200c", ""))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Lin@Example.ORG ", "lin@example.org"),
        ("lin@b\u00fccher.example", "lin@xn--bcher-kva.example"),
        ("lin@BU\u0308CHER.example", "lin@xn--bcher-kva.example"),
        ("lin@xn--bcher-kva.example", "lin@xn--bcher-kva.example"),
        ("lin@stra\u00dfe.example", "lin@xn--strae-oqa.example"),  # another domain than strasse.example
    ],
)
def test_an_address_has_one_form(typed, stored):
    assert tidy_address(typed) == same_address(typed) == stored


def test_what_is_no_address_is_nobody():
    assert same_address("lin@ex\u200f.example") == "lin@ex\u200f.example"
    assert same_address(None) == ""


def test_a_password_of_ascii_has_one_form_and_another_a_few():
    assert password_forms("quiet otters") == ["quiet otters"]
    assert password_forms("Zoe\u0308 \ufb01n") == ["Zoë fin", "Zoe\u0308 \ufb01n", "Zoë \ufb01n", "Zoe\u0308 fin"]


# Marks that have to change places, alone or once they are decomposed.
PILES = ["\u0301\u0316" * 20, "\u0f73" * 40, "\uff9e\u0301" * 20]


@pytest.mark.parametrize("pile", PILES, ids=["marks", "vowels", "voicing"])
@pytest.mark.parametrize("clean", [tidy, tidy_lines, tidy_address])
def test_more_accents_in_a_row_than_can_be_read_are_refused(clean, pile):
    with pytest.raises(ValidationError, match=PILED):
        clean(f"lin{pile}@ex.example")


@pytest.mark.parametrize("pile", PILES, ids=["marks", "vowels", "voicing"])
def test_where_nothing_is_refused_they_stay_as_they_were_typed(pile):
    assert composed(f"u\u0308{pile}") == f"u\u0308{pile}"
    assert password_forms(f"u\u0308{pile}") == [f"u\u0308{pile}"]
    assert same_address(f"A{pile}@ex.example") == f"a{pile}@ex.example"
    assert fold_name(f"Roth {pile}").startswith("roth")


def test_as_many_accents_as_a_language_writes_are_composed():
    assert composed("u\u0308" * 40 + "\u0323" * 29) == "\u00fc" * 39 + "\u1ee5" + "\u0323" * 28 + "\u0308"


@pytest.mark.parametrize("text", ["", " \r\n ", "x" * 6])
def test_free_text_of_another_length_is_refused_with_its_field(text):
    with pytest.raises(InvalidInput) as refused:
        written("reason", text, 5)
    assert refused.value.errors == {"reason": ["Write between 1 and 5 characters."]}


def test_free_text_is_measured_as_it_is_kept():
    assert written("reason", " a\r\nb\r\nc ", 5) == "a\nb\nc"
    assert written("reason", "  ", 5, least=0) == ""


def test_each_text_that_does_not_fit_is_named():
    with pytest.raises(InvalidInput) as refused:
        all_written({"reason": ("", 5), "text": ("fits", 5), "answer": ("x" * 2000, 1999)})
    assert refused.value.errors == {
        "reason": ["Write between 1 and 5 characters."],
        "answer": ["Write between 1 and 1,999 characters."],
    }
