"""Templates of notes: definitions with an error at each wrong place, values by type, and filling from a draft."""

from typing import Any

import pytest

from sessions_app.pipeline.drafting.schema import ExtractedNotes
from sessions_app.pipeline.note_templates.autofill import autofill
from sessions_app.pipeline.note_templates.content import Content, empty_content
from sessions_app.pipeline.note_templates.definition import (
    SOURCES,
    Definition,
    InvalidDefinition,
    parse_definition,
    values_missing,
)
from sessions_app.pipeline.note_templates.system import KEYS, system_templates
from sessions_app.pipeline.note_templates.values import InvalidValues, as_figure, parse_values

TEXT = {"id": "focus", "label": "Focus", "type": "textarea"}


def one_section(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"sections": [{"id": "main", "title": "Main", "fields": list(fields)}]}


def errors_of(data: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidDefinition) as caught:
        parse_definition(data)
    return caught.value.errors


def evidence(*segments: int, quote: str = "") -> dict[str, Any]:
    return {"segments": list(segments), "quote": quote}


def statement(key: str, **values: Any) -> dict[str, Any]:
    return {"id": key, "state": "supported", "reason": "", "evidence": evidence(0), **values}


NOTES: dict[str, Any] = {
    "topic_summary": statement("topic_summary", text="They spoke about sleep."),
    "therapist_summary": {
        "statements": [statement("s-0", text="She slept badly."), statement("s-1", text="She is tired.")]
    },
    "key_topics": [statement("key_topics-0", topic="Sleep"), statement("key_topics-1", topic="Work")],
    "action_items": [
        statement("action_items-0", task="Keep a sleep diary", category="homework", details="every morning"),
        statement("action_items-1", task="Call the doctor", category="other", details=""),
    ],
    "significant_quotes": [statement("significant_quotes-0", quote="I lie awake.", context="", start=None)],
    "session_mood": statement("session_mood", value="very_low", score=2.0),
    "strategies": [statement("strategies-0", name="Box breathing", category="", status="practiced", context="")],
}


def test_the_system_templates_are_valid_and_each_fills_something():
    assert [template.key for template in system_templates()] == list(KEYS)
    for template in system_templates():
        assert autofill(template.definition, NOTES), template.key


def test_sources_are_the_fields_of_a_draft_without_those_about_risk_and_for_the_patient():
    assert set(SOURCES) == set(ExtractedNotes.model_fields) - {"risk_flags", "patient_summary"}


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ({"id": "Focus"}, "id"),
        ({"type": "select"}, "options"),
        ({"type": "select", "options": ["a", "a"]}, "options"),
        ({"type": "select", "options": ["a", "b" * 121]}, "options"),
        ({"options": ["a", "b"]}, "options"),
        ({"type": "scale"}, "maximum"),
        ({"type": "number", "minimum": 5, "maximum": 5}, "maximum"),
        ({"type": "date", "ai_mapping": ["session_mood"]}, "ai_mapping"),
        ({"type": "number", "ai_mapping": ["action_items"]}, "ai_mapping"),
        ({"type": "multiselect", "options": ["Low", "High"], "ai_mapping": ["session_mood"]}, "ai_mapping"),
        ({"ai_mapping": ["patient_summary"]}, "ai_mapping.0"),
        ({"label": ""}, "label"),
        ({"colour": "red"}, "colour"),
        ({"type": "drawing"}, "type"),
    ],
)
def test_an_error_names_its_place(field, place):
    assert set(errors_of(one_section(TEXT | field))) == {f"sections.0.fields.0.{place}"}


def test_ids_are_unique_in_the_whole_template():
    assert set(errors_of(one_section(TEXT, TEXT))) == {"sections.0.fields.0.id", "sections.0.fields.1.id"}


@pytest.mark.parametrize("data", [{}, [], None, {"sections": []}, one_section()])
def test_a_template_without_a_field_is_none(data):
    assert "sections" in errors_of(data)


def test_values_are_read_by_type():
    definition = parse_definition(
        one_section(
            TEXT,
            {"id": "tags", "label": "T", "type": "multiselect", "options": ["a", "b"]},
            {"id": "suds", "label": "S", "type": "scale", "minimum": 0, "maximum": 10},
            {"id": "when", "label": "W", "type": "date"},
        )
    )
    given = {"focus": "one\r\ntwo", "tags": ["b", "a"], "suds": 0, "when": "2026-02-28"}
    assert parse_values(definition, given) == {**given, "focus": "one\ntwo", "tags": ["a", "b"]}
    wrong = {"focus": 5, "tags": ["c"], "suds": 11, "when": "2026-02-30", "nothing": 1}
    with pytest.raises(InvalidValues) as caught:
        parse_values(definition, wrong)
    assert set(caught.value.errors) == set(wrong)


def test_zero_is_an_answer_and_an_unticked_box_is_none():
    scale = {"id": "suds", "label": "S", "type": "scale", "minimum": 0, "maximum": 10, "required": True}
    box = {"id": "told", "label": "T", "type": "checkbox", "required": True}
    definition = parse_definition(one_section(scale, box))
    assert set(values_missing(definition, {"suds": 0, "told": False})) == {"told"}


def test_a_field_is_filled_from_its_sources_with_the_statements_that_it_consists_of():
    mapping = {"ai_mapping": ["topic_summary", "key_topics", "action_items", "significant_quotes", "strategies"]}
    filled = autofill(parse_definition(one_section(TEXT | mapping)), NOTES)["focus"]
    assert filled.value.split("\n") == [
        "Topics: Sleep; Work",
        "Keep a sleep diary (every morning)",
        "Call the doctor",
        "“I lie awake.”",
        "Box breathing (practiced)",
    ]
    assert len(filled.pieces) == 6
    assert all(piece.text in filled.value for piece in filled.pieces)


def test_what_two_sources_say_alike_is_said_once():
    twice = {"topic_summary": NOTES["topic_summary"], "therapist_summary": {"statements": [NOTES["topic_summary"]]}}
    mapping = {"ai_mapping": ["topic_summary", "therapist_summary"]}
    assert autofill(parse_definition(one_section(TEXT | mapping)), twice)["focus"].value == "They spoke about sleep."


def passage(at, text):
    return {"id": f"therapist_summary-{at}", "text": text, "evidence": {"segments": [at], "quote": ""}}


def test_a_summary_repeats_nothing_that_has_a_field_of_its_own():
    said = [
        "The session touched on sleep and work.",
        "Agreed: keep a sleep diary.",
        "The patient said: “I lie awake.”",
        "They did not call the doctor.",
        "Sleep has become much worse since May.",
    ]
    notes = NOTES | {"therapist_summary": {"statements": [passage(at, text) for at, text in enumerate(said)]}}
    plan = TEXT | {"id": "plan", "ai_mapping": ["action_items"]}
    focus = TEXT | {"ai_mapping": ["key_topics", "therapist_summary", "significant_quotes"]}
    filled = autofill(parse_definition(one_section(focus, plan)), notes)
    assert filled["focus"].value.split("\n") == ["Topics: Sleep; Work", " ".join(said[3:]), "“I lie awake.”"]
    assert "Keep a sleep diary" in filled["plan"].value
    alone = autofill(parse_definition(one_section(TEXT | {"ai_mapping": ["therapist_summary"]})), notes)
    assert alone["focus"].value == " ".join(said), "a template without fields for the rest"


def test_what_the_draft_does_not_say_stays_empty():
    empty = {"topic_summary": None, "key_topics": [], "therapist_summary": {"statements": []}}
    for template in system_templates():
        assert autofill(template.definition, empty) == {}


def test_a_number_comes_from_the_patients_own_number_and_a_choice_from_the_option_of_the_same_name():
    shared = {"label": "Mood", "ai_mapping": ["session_mood"]}
    scale = {"id": "mood", "type": "scale", "minimum": 0, "maximum": 10, **shared}
    choice = {"id": "word", "type": "select", "options": ["Low", "Very low"], **shared}
    filled = autofill(parse_definition(one_section(scale, choice)), NOTES)
    assert (filled["mood"].value, filled["word"].value) == (2.0, "Very low")
    assert "mood" not in autofill(parse_definition(one_section(scale | {"minimum": 5})), NOTES)
    several = Definition.model_validate(one_section(choice | {"type": "multiselect"}))
    assert autofill(several, NOTES) == {}


@pytest.fixture
def content() -> Content:
    definition = parse_definition(one_section(TEXT | {"ai_mapping": ["therapist_summary"]}))
    return empty_content().with_draft(autofill(definition, NOTES), revision=1)


def test_content_survives_storage(content):
    assert Content.from_json(content.to_json()) == content


def test_an_edited_field_keeps_the_evidence_of_the_sentences_that_still_stand(content):
    edited = content.with_values({"focus": "She slept badly. Since March."}, revision=2).fields["focus"]
    assert (content.fields["focus"].origin, edited.origin) == ("draft", "edited")
    assert [piece.statement for piece in edited.evidence] == ["s-0"]


def test_filling_again_spares_what_a_person_wrote_unless_that_field_is_named(content):
    edited = content.with_values({"focus": "My own words."}, revision=2)
    definition = parse_definition(one_section(TEXT | {"ai_mapping": ["key_topics"]}))
    filled = autofill(definition, NOTES)
    assert edited.with_draft(filled, 3).values["focus"] == "My own words."
    assert edited.with_draft(filled, 3, ["focus"]).values["focus"] == "Topics: Sleep; Work"


def test_only_a_field_that_changed_since_is_in_conflict(content):
    other = content.with_values({"other": "x"}, revision=2)
    assert other.conflicts({"focus": "mine"}, base=1) == []
    assert other.conflicts({"other": "y"}, base=1) == ["other"]
    assert other.conflicts({"other": "x"}, base=1) == []


def test_another_template_takes_over_equal_fields_and_leaves_the_rest_over(content):
    former = parse_definition(one_section(TEXT, {"id": "aside", "label": "Aside", "type": "text"}))
    new = parse_definition(one_section(TEXT, {"id": "aside", "label": "Aside", "type": "number"}))
    written = content.with_values({"focus": "mine", "aside": "yours"}, revision=2)
    moved = written.moved(former, "Former", new, {}, revision=3)
    assert moved.values == {"focus": "mine"}
    assert [(entry.template, entry.label, entry.value) for entry in moved.leftovers] == [("Former", "Aside", "yours")]


@pytest.mark.parametrize(
    ("number", "shown"), [(7.0, "7"), (7.5, "7.5"), (1_234_567.0, "1234567"), (0.1 + 0.2, "0.3"), (3, "3")]
)
def test_a_number_keeps_the_digits_that_were_given(number: float, shown: str) -> None:
    assert as_figure(number) == shown
