# ruff: noqa: RUF001  typographic punctuation is the point
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.schema import Evidence, empty_notes
from sessions_app.pipeline.evidence import verify
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.types import Segment
from sessions_app.tests.talk import talk, transcripts, unhurried

TALK = talk(
    ("therapist", "How did you sleep this week, Anna?"),
    ("patient", "Badly. I don’t sleep — three or four hours, maybe."),
    ("therapist", "mm-hm"),
    ("patient", "My boss, Mr O'Brien, calls at 7:30 and I panic."),
    ("therapist", "Let us try the breathing exercise. You pay $1,200 for that room?"),
    ("unknown", "Twenty-five minutes later Priya's car broke down."),
)


def checked(**fields):
    return verify(empty_notes().model_copy(update=fields), TALK)


def proof(quote, *segments):
    return Evidence(segments=list(segments), quote=quote)


def topic_stands(quote, *segments):
    return checked(key_topics=[schema.KeyTopic(topic="sleep", evidence=proof(quote, *segments))]).removed == 0


def text_stands(text, quote="I don't sleep", segment=1, more=()):
    item = schema.Passage(text=text, evidence=proof(quote, segment, *more))
    return checked(topic_summary=item).notes.topic_summary == item


@pytest.mark.parametrize(
    "quote",
    [
        "I don’t sleep",
        "I don't sleep",
        "i DONT   sleep,",
        "“I don't\nsleep” - three",
        "don't sleep three or four hours",
        "Badly. I don\u200b’t",
        "Badly",
    ],
)
def test_a_quote_stands_whatever_its_punctuation(quote):
    assert topic_stands(quote, 1)


@pytest.mark.parametrize(
    "quote",
    ["I never sleep", "sleep well", "adly. I don't sleep", "", "…", "I", "three hours", "I don't sleep and I panic"],
)
def test_other_words_do_not(quote):
    assert not topic_stands(quote, 1)


def test_a_quote_from_another_segment_does_not_stand():
    assert not topic_stands("I don't sleep", 3)


@pytest.mark.parametrize("cited", [[], [6], [-1], [1, 99]])
def test_evidence_has_to_cite_segments_that_exist(cited):
    assert not topic_stands("I don't sleep", *cited)


def test_segments_are_known_by_their_index_and_not_by_their_place():
    moved = [Segment(40, None, None, "I slept badly again", "patient")]
    item = schema.KeyTopic(topic="sleep", evidence=proof("slept badly", 40))
    assert verify(empty_notes().model_copy(update={"key_topics": [item]}), moved).removed == 0
    item = schema.KeyTopic(topic="sleep", evidence=proof("slept badly", 0))
    assert verify(empty_notes().model_copy(update={"key_topics": [item]}), moved).removed == 1


def test_a_quote_may_run_over_neighbouring_segments():
    assert topic_stands("hours, maybe. mm-hm. My boss", 1, 2, 3)


def test_a_quote_may_pass_over_an_interjection():
    assert topic_stands("four hours maybe my boss", 3, 1)


def test_a_quote_may_not_be_spliced_over_a_real_answer():
    assert not topic_stands("and I panic. Twenty-five minutes", 3, 5)


@pytest.mark.parametrize("quote", ["How did you sleep this week", "mm-hm"])
@pytest.mark.parametrize(
    "item",
    [
        lambda evidence: {
            "significant_quotes": [
                schema.SignificantQuote(quote=evidence.quote, context="", start=None, evidence=evidence)
            ]
        },
        lambda evidence: {
            "triggers": [schema.Trigger(trigger="nights", context="", severity="mild", evidence=evidence)]
        },
        lambda evidence: {"unresolved_concerns": [schema.UnresolvedConcern(concern="nights", evidence=evidence)]},
    ],
)
def test_the_therapists_words_are_not_the_patients(item, quote):
    assert checked(**item(proof(quote, 0, 2))).removed == 1
    assert checked(**item(proof("I don't sleep", 0, 1))).removed == 0
    assert checked(**item(proof("minutes later", 5))).removed == 0


def test_a_quote_is_checked_beside_its_evidence():
    item = schema.SignificantQuote(quote="I sleep like a baby", context="", start=None, evidence=proof("Badly", 1))
    assert checked(significant_quotes=[item]).removed == 1


def test_time_and_speaker_come_from_the_segment():
    flag = schema.RiskFlag(
        type="crisis", severity="low", source="model", speaker="therapist", start=999.0, evidence=proof("I panic", 3)
    )
    quote = schema.SignificantQuote(quote="I panic", context="", start=None, evidence=proof("I panic", 3))
    notes = checked(risk_flags=[flag], significant_quotes=[quote]).notes
    assert (notes.risk_flags[0].speaker, notes.risk_flags[0].start) == ("patient", 30.0)
    assert notes.significant_quotes[0].start == 30.0


@pytest.mark.parametrize(
    "text",
    [
        "The patient sleeps 3 or 4 hours.",
        "The patient sleeps three to four hours.",
        "One thing stood out.",
        "You don't sleep.",
        "I'm told that nights are hard.",
    ],
)
def test_numbers_that_were_said_stand(text):
    assert text_stands(text)


@pytest.mark.parametrize(
    "text", ["The patient sleeps 5 hours.", "The patient sleeps two hours.", "Woke 34 times.", "It was 3.5 hours."]
)
def test_numbers_that_were_not_said_fall(text):
    assert not text_stands(text)


@pytest.mark.parametrize(
    ("text", "quote", "segment"),
    [
        ("The room costs 1200.", "try the breathing", 4),
        ("The room costs one thousand two hundred.", "try the breathing", 4),
        ("Calls come at 7:30.", "and I panic", 3),
        ("Calls come at seven thirty.", "and I panic", 3),
        ("It took 25 minutes.", "car broke down", 5),
    ],
)
def test_numbers_are_compared_by_value(text, quote, segment):
    assert text_stands(text, quote, segment)


@pytest.mark.parametrize(
    "text",
    [
        "Calls from O'Brien bring panic.",
        "Calls from O’Brien’s office bring panic.",
        "OBRIEN calls.",
        "Mr O'Brien calls.",
    ],
)
def test_a_name_that_was_said_stands(text):
    assert text_stands(text, "and I panic", 3)


@pytest.mark.parametrize(
    "text",
    ["Calls from Miller bring panic.", "Sarah calls.", "Then: Sarah’s calls.", "Calls from Priya.", "It was Monday."],
)
def test_a_name_that_was_not_said_falls(text):
    assert not text_stands(text, "and I panic", 3)


def test_a_quotation_inside_a_statement_is_checked_too():
    assert text_stands("You said: “I don’t sleep.”")
    assert not text_stands("You said: “I sleep all day.”")
    assert not text_stands('You said: "I sleep all day."')


@pytest.mark.parametrize(
    ("label", "stands"),
    [
        ("Sleep and Rest", True),
        ("Conflict With Priscilla at work", False),
        ("Visits To Sarah", False),
        ("5 nights", False),
        ("3 hours", True),
    ],
)
def test_a_title_may_have_capitals_but_no_name_or_number(label, stands):
    item = schema.KeyTopic(topic=label, evidence=proof("I don't sleep", 1))
    assert (checked(key_topics=[item]).removed == 0) == stands


def test_a_known_technique_is_worded_by_the_library():
    item = schema.Technique(
        name="Box breathing",
        modality="Dr Miller 5",
        definition="Cures 90 %",
        evidence=proof("the breathing exercise", 4),
    )
    kept = checked(techniques=[item]).notes.techniques[0]
    assert (kept.modality, kept.definition[:11]) == ("Relaxation training", "Slow, paced")


def test_an_unknown_technique_is_checked_word_for_word():
    item = schema.Technique(
        name="Miller method", modality="", definition="Cures 90 %", evidence=proof("the breathing exercise", 4)
    )
    assert checked(techniques=[item]).removed == 1


def test_what_falls_is_dropped_counted_and_named_without_content():
    good = schema.KeyTopic(topic="sleep", evidence=proof("I don't sleep", 1))
    bad = schema.KeyTopic(topic="secret", evidence=proof("invented secret", 1))
    result = checked(
        key_topics=[good, bad],
        session_mood=schema.SessionMood(value="low", score=2, evidence=proof("I am low", 1)),
        breakthrough=schema.Passage(text="A change.", evidence=proof("", 1)),
        patient_summary=schema.Summary(statements=[schema.Passage(text="You slept.", evidence=proof("so well", 1))]),
    )
    assert (result.verified, result.removed, len(result.reasons)) == (1, 4, 4)
    assert result.notes.key_topics == [good]
    assert (result.notes.session_mood, result.notes.breakthrough) == (None, None)
    assert result.notes.patient_summary.statements == []
    assert "secret" not in " ".join(result.reasons)


def test_what_stands_is_not_changed():
    notes = empty_notes().model_copy(
        update={
            "session_mood": schema.SessionMood(value="low", score=2, evidence=proof("Badly.", 1)),
            "mood_trajectory": schema.MoodTrajectory(value="stable", evidence=proof("I panic", 3)),
            "follow_up_topics": [schema.FollowUpTopic(topic="sleep", evidence=proof("I don't sleep", 1))],
            "therapist_summary": schema.Summary(
                statements=[schema.Passage(text="Sleep is short.", evidence=proof("three or four hours", 1))]
            ),
        }
    )
    result = verify(notes, TALK)
    assert (result.notes, result.verified, result.removed) == (notes, 4, 0)


def test_an_empty_transcript_carries_nothing():
    item = schema.KeyTopic(topic="sleep", evidence=proof("sleep", 0))
    assert verify(empty_notes().model_copy(update={"key_topics": [item]}), []).removed == 1


@unhurried
@given(transcripts, st.data())
def test_any_words_taken_from_a_segment_stand(segments, data):
    spoken = [segment for segment in segments if len(fold(segment.text).split()) > 2]
    assume(spoken)
    segment = data.draw(st.sampled_from(spoken))
    words = segment.text.split()
    start = data.draw(st.integers(0, len(words) - 1))
    quote = schema.clip(" ".join(words[start:]), schema.MAX_TEXT)
    assume(" " in fold(quote))
    item = schema.Passage(text=quote, evidence=proof(quote, segment.index))
    result = verify(empty_notes().model_copy(update={"breakthrough": item}), segments)
    assert result.notes.breakthrough == item
