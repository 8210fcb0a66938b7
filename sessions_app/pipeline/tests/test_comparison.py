"""What a person changed of a draft, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.pipeline.note_templates.comparison import Run, as_text, compare_words

TEXTS = st.text(alphabet="ab \n.", max_size=60)


def test_changed_words_stand_between_those_that_are_equal():
    assert compare_words("He sleeps badly at night.", "He sleeps well at night.") == [
        Run("equal", "He sleeps "),
        Run("delete", "badly "),
        Run("insert", "well "),
        Run("equal", "at night."),
    ]


def test_what_a_person_wrote_alone_is_inserted():
    assert compare_words("", "Calm.") == [Run("insert", "Calm.")]
    assert compare_words("Calm.", "") == [Run("delete", "Calm.")]
    assert compare_words("", "") == []


@given(TEXTS, TEXTS)
def test_the_runs_are_both_texts(before: str, after: str):
    runs = compare_words(before, after)
    assert "".join(run.text for run in runs if run.kind != "insert") == before
    assert "".join(run.text for run in runs if run.kind != "delete") == after
    assert all(run.text for run in runs)


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (True, "Yes"), (3.0, "3"), (7, "7"), (["a", "b"], "a; b"), ("x", "x")]
)
def test_values_of_any_type_are_compared_as_text(value, text):
    assert as_text(value) == text
