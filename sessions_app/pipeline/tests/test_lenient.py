"""Replies of models: what can be understood is kept."""

import json

import pytest

from sessions_app.pipeline.drafting.schema import empty_notes
from sessions_app.pipeline.engines.lenient import finite, json_object, notes_from, whole_number

EVIDENCE = {"segments": [1], "quote": "It hurts."}


@pytest.mark.parametrize(
    "content",
    [
        '{"a": 1}',
        '\ufeff  {"a": 1}\n',
        '```json\n{"a": 1}\n```',
        '```\n{"a": 1}\n```\nDone.',
        'Sure! {"a": 1} – as asked',  # noqa: RUF001  dash
        '<think>{"b": 2} or {"a"</think>{"a": 1}',
        '<thinking>\nno\n</thinking>\n{"a": 1}',
        'no opening tag {"b"</think>{"a": 1}',
        'Braces {like these} first:\n```json\n{"a": 1}\n```',
    ],
)
def test_the_object_is_found_whatever_stands_around_it(content):
    assert json_object(content) == {"a": 1}


@pytest.mark.parametrize("content", ["", "no", "[]", "{}", '{"a": ', "{" * 200_000, '{"a":' * 200_000, "```{" * 50_000])
def test_without_an_object_there_is_an_error(content):
    with pytest.raises(ValueError, match="no JSON object"):
        json_object(content)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (4, 4.0),
        ("4.5", 4.5),
        (" 4 ", 4.0),
        (None, None),
        ("many", None),
        (True, None),
        (float("nan"), None),
        (10**400, None),
    ],
)
def test_numbers_are_read_from_what_models_write(value, number):
    assert finite(value) == number


@pytest.mark.parametrize(("value", "number"), [(12, 12), (12.0, 12), ("12", 12), ("[12]", 12), (1.5, None), ({}, None)])
def test_line_numbers_are_whole(value, number):
    assert whole_number(value) == number


@pytest.mark.parametrize("value", ["Low", "LOW", " low ", "low"])
def test_the_case_of_a_choice_does_not_matter(value):
    notes, dropped = notes_from({"session_mood": {"value": value, "score": 4.0, "evidence": EVIDENCE}})
    assert (notes.session_mood.value, dropped) == ("low", 0)


def test_what_is_missing_or_null_is_empty_and_what_is_extra_is_ignored():
    notes, dropped = notes_from({"key_topics": None, "risk_flags": {}, "confidence": 3, "patient_summary": "x"})
    assert (notes, dropped) == (empty_notes(), 2)


def test_an_item_alone_is_a_list_of_one():
    notes, _ = notes_from({"key_topics": {"topic": "Sleep", "evidence": EVIDENCE, "extra": 1}})
    assert [topic.topic for topic in notes.key_topics] == ["Sleep"]


@pytest.mark.parametrize("bad", ["Work", 3, {}, {"topic": "Work"}, {"topic": ["Work"], "evidence": EVIDENCE}])
def test_a_bad_item_is_dropped_and_counted(bad):
    good = {"topic": "Sleep", "evidence": EVIDENCE}
    notes, dropped = notes_from({"key_topics": [good, bad]})
    assert ([topic.topic for topic in notes.key_topics], dropped) == (["Sleep"], 1)


def test_an_object_of_something_else_is_no_notes():
    with pytest.raises(ValueError, match="no notes"):
        notes_from(json.loads('{"error": "overloaded"}'))
