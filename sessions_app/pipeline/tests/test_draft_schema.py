import json
import math

import pytest
from openai.lib._pydantic import to_strict_json_schema
from pydantic import ValidationError

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.schema import Evidence, ExtractedNotes, empty_notes, normalise

PROOF = Evidence(segments=[0], quote="I slept badly")
STRICT_KEYWORDS = {
    "$defs", "$ref", "additionalProperties", "anyOf", "description", "enum", "items", "properties", "required", "title",
    "type", "const",
}  # fmt: skip


def objects_in(node):
    found = [node] if isinstance(node, dict) and node.get("type") == "object" else []
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return found + [one for child in children for one in objects_in(child)]


def keywords_in(node, *, is_names=False):
    if isinstance(node, list):
        return {word for child in node for word in keywords_in(child)}
    if not isinstance(node, dict):
        return set()
    own = set() if is_names else set(node)
    return own.union(
        *(keywords_in(child, is_names=key in ("properties", "$defs") and not is_names) for key, child in node.items())
    )


def notes(**changes):
    return empty_notes().model_copy(update=changes)


def topic(name="sleep", **evidence):
    return schema.KeyTopic(topic=name, evidence=PROOF.model_copy(update=evidence))


def passage(text):
    return schema.Passage(text=text, evidence=PROOF)


def test_the_schema_is_one_that_strict_mode_accepts():
    strict = to_strict_json_schema(ExtractedNotes)
    assert keywords_in(strict) <= STRICT_KEYWORDS
    assert len(objects_in(strict)) > 15
    for node in objects_in(strict):
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])


def test_our_own_schema_needs_no_rewriting_for_strict_mode():
    assert keywords_in(ExtractedNotes.model_json_schema()) <= STRICT_KEYWORDS


def test_notes_travel_through_json_unchanged():
    full = notes(key_topics=[topic()], topic_summary=passage("Sleep came up."))
    assert ExtractedNotes.model_validate(json.loads(json.dumps(full.model_dump()))) == full


@pytest.mark.parametrize("name", sorted(ExtractedNotes.model_fields))
def test_every_field_is_required(name):
    values = empty_notes().model_dump()
    del values[name]
    with pytest.raises(ValidationError, match=name):
        ExtractedNotes.model_validate(values)


def test_an_unknown_field_is_refused():
    with pytest.raises(ValidationError, match="diagnosis"):
        ExtractedNotes.model_validate(empty_notes().model_dump() | {"diagnosis": "none"})


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (schema.RiskFlag, {"type": "none", "severity": "low", "source": "rule", "speaker": "patient", "start": None}),
        (
            schema.RiskFlag,
            {"type": "abuse", "severity": "extreme", "source": "rule", "speaker": "patient", "start": None},
        ),
        (schema.RiskFlag, {"type": "abuse", "severity": "low", "source": "me", "speaker": "patient", "start": None}),
        (schema.SessionMood, {"value": "great", "score": 5}),
        (schema.MoodTrajectory, {"value": "up"}),
        (schema.Strategy, {"name": "a", "category": "b", "status": "done", "context": ""}),
        (schema.Trigger, {"trigger": "a", "context": "", "severity": "high"}),
    ],
)
def test_a_value_outside_an_enum_is_refused(kind, values):
    with pytest.raises(ValidationError):
        kind.model_validate(values | {"evidence": PROOF.model_dump()})


def test_normalise_leaves_empty_notes_alone():
    assert normalise(empty_notes()) == empty_notes()


def test_normalise_keeps_seven_topics_at_most_and_no_repetition():
    many = [topic(f"topic {at}") for at in range(9)]
    assert normalise(notes(key_topics=[many[0], *many])).key_topics == many[:7]


@pytest.mark.parametrize(("given", "kept"), [(-3, 0), (0, 0), (7.5, 7.5), (11, 10), (math.inf, None), (math.nan, None)])
def test_normalise_holds_the_mood_score_between_0_and_10(given, kept):
    mood = normalise(notes(session_mood=schema.SessionMood(value="low", score=given, evidence=PROOF))).session_mood
    assert (mood and mood.score) == kept


@pytest.mark.parametrize(("given", "kept"), [(4.5, 4.5), (-1.0, None), (math.nan, None), (math.inf, None)])
def test_normalise_drops_an_impossible_time(given, kept):
    quote = schema.SignificantQuote(quote="I slept badly", context="", start=given, evidence=PROOF)
    assert normalise(notes(significant_quotes=[quote])).significant_quotes[0].start == kept


def test_normalise_drops_an_item_without_words():
    assert normalise(notes(key_topics=[topic(" \x00 "), topic()])).key_topics == [topic()]


def test_normalise_sorts_and_reduces_the_cited_segments():
    assert normalise(notes(key_topics=[topic(segments=[5, 2, 5])])).key_topics[0].evidence.segments == [2, 5]


def test_normalise_cuts_long_text_between_words():
    cut = normalise(notes(topic_summary=passage("1234 " * 400))).topic_summary.text
    assert len(cut) <= schema.MAX_TEXT
    assert set(cut.split()) == {"1234"}


def test_normalise_ends_a_summary_at_a_whole_statement():
    statements = [passage(f"{at} " + "word " * 49) for at in range(10)]
    kept = normalise(notes(patient_summary=schema.Summary(statements=statements))).patient_summary.statements
    assert [statement.text.split()[0] for statement in kept] == ["0", "1", "2"]


def test_normalise_never_cuts_risk_flags_off():
    flags = [
        schema.RiskFlag(
            type="crisis",
            severity="low",
            source="rule",
            speaker="patient",
            start=float(at),
            evidence=Evidence(segments=[at], quote="I can't go on"),
        )
        for at in range(60)
    ]
    assert normalise(notes(risk_flags=flags)).risk_flags == flags


def test_normalise_twice_changes_nothing_more():
    rough = notes(key_topics=[topic("a " * 300, segments=[3, 1])], topic_summary=passage(" x\n\ty "))
    assert normalise(normalise(rough)) == normalise(rough)
