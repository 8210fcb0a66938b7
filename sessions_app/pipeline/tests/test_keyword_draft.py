import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given

from sessions_app.pipeline.drafting.draft import draft
from sessions_app.pipeline.drafting.keyword_extractor import KeywordExtractor
from sessions_app.pipeline.drafting.quotes import central_sentences, lexrank
from sessions_app.pipeline.drafting.schema import ExtractedNotes, empty_notes, normalise
from sessions_app.pipeline.evidence import judge
from sessions_app.pipeline.lexicon.topics import TOPICS
from sessions_app.pipeline.risk import find_risk, protected_lines
from sessions_app.tests.talk import talk, transcripts, unhurried

SESSION = talk(
    ("therapist", "Good to see you again. How have you been sleeping since last week?"),
    ("patient", "Not great. I wake up at three in the morning and lie awake worrying about work until 6:30."),
    ("therapist", "That sounds exhausting. Did you try the breathing exercise we talked about?"),
    ("patient", "I did the breathing exercise four times and it helped my sleep a bit."),
    ("patient", "When my boss emails me at night I feel really anxious. I can't stop checking my phone."),
    ("patient", "My sister Priya says I should quit my job but I don't know how we would pay the rent."),
    ("therapist", "So there is pressure around money as well. What would you say to a friend in this position?"),
    ("patient", "I would tell her that she is doing her best. I feel guilty when I'm not working."),
    ("therapist", "Would you try keeping a thought record this week, just three entries?"),
    ("patient", "Yes, I'll write one each evening before bed. I also want to talk to my manager about work."),
    ("therapist", "Good. And the evenings apart from that, how are they?"),
    ("patient", "Sometimes I think everyone would be better off without me."),
    ("therapist", "Thank you for telling me. Next time we can come back to that, and look at your sleep routine."),
)


def notes_of(segments):
    return ExtractedNotes.model_validate(extracted(segments).notes)


def extracted(segments, **options):
    protected = protected_lines(segments, find_risk(segments))
    return KeywordExtractor(**options).extract(segments, protected=protected)


def risk_of(segments, **options):
    flags = draft(KeywordExtractor(**options), segments).notes["risk_flags"]
    return [(flag["type"], flag["evidence"]["segments"]) for flag in flags]


PASSING = frozenset(["phone or social media", "study", "free time", "body image", "the future", "worry", "friends"])


@pytest.fixture(scope="module")
def notes():
    return notes_of(SESSION)


def joined(summary):
    return " ".join(statement.text for statement in summary.statements)


def test_the_engine_says_what_it_is():
    engine = KeywordExtractor()
    assert (engine.name, engine.model, engine.quality) == ("builtin", "keywords-2", "keyword_draft")
    assert engine.prompt_version


def test_the_lexicon_has_at_least_forty_topics():
    assert len(TOPICS) >= 40


def test_topics_are_labels_with_the_sentence_that_mentions_them(notes):
    assert [topic.topic for topic in notes.key_topics][:2] == ["work", "sleep"]
    assert 3 <= len(notes.key_topics) <= 7
    assert notes.topic_summary.text.startswith("The session touched on work, sleep")


def test_what_words_cannot_show_is_not_assessed(notes):
    assert (notes.session_mood, notes.mood_trajectory, notes.breakthrough) == (None, None, None)


def test_strategies_carry_the_status_that_the_sentence_names(notes):
    assert {(one.name, one.status) for one in notes.strategies} >= {
        ("Breathing exercise", "reviewed"),
        ("Thought record", "assigned"),
    }


def test_a_task_is_the_assignment_and_cites_the_answer(notes):
    assert [(one.task, one.category, one.details, one.evidence.segments) for one in notes.action_items] == [
        (
            "Try keeping a thought record this week, just three entries",
            "homework",
            "Agreed.",
            [8, 9],
        ),
    ]


def test_a_trigger_needs_a_word_for_its_severity(notes):
    assert [(one.trigger, one.severity) for one in notes.triggers] == [
        ("When my boss emails me at night I feel really anxious.", "moderate")
    ]
    ungraded = notes_of(talk(("patient", "When my boss emails me I feel anxious.")))
    assert ungraded.triggers == []


def test_feelings_concerns_and_follow_ups_are_found(notes):
    assert {one.theme for one in notes.emotional_themes} >= {"anxiety", "guilt"}
    assert "I can't stop checking my phone." in {one.concern for one in notes.unresolved_concerns}
    assert [one.topic for one in notes.follow_up_topics] == [
        "Next time we can come back to that, and look at your sleep routine."
    ]


@pytest.mark.parametrize(
    "said",
    ["I am not angry about it at all.", "She was angry with me, my sister was furious.", "I stopped being ashamed."],
)
def test_a_feeling_that_is_denied_or_somebody_elses_is_not_a_theme(said):
    assert notes_of(talk(("patient", said))).emotional_themes == []


def test_quotes_are_the_patients_with_the_question_before_them(notes):
    patient = {segment.index for segment in SESSION if segment.speaker == "patient"}
    assert notes.significant_quotes
    assert all(set(one.evidence.segments) & patient for one in notes.significant_quotes)
    assert "How have you been sleeping since last week?" in {one.context for one in notes.significant_quotes}


def test_risk_phrases_are_in_the_notes_and_out_of_the_patients_text(notes):
    assert risk_of(SESSION) == [("suicidal_ideation", [11])]
    assert "better off" not in joined(notes.patient_summary)


def test_a_threat_is_never_a_task_even_in_answer_to_a_question_for_a_plan():
    found = notes_of(talk(("therapist", "What will you do this week?"), ("patient", "I'm going to hurt him.")))
    assert found.action_items == []
    assert found.patient_summary.statements == []


def test_what_is_set_around_a_risk_phrase_is_no_task():
    found = notes_of(
        talk(
            ("patient", "I want to kill myself."),
            ("therapist", "Would you call me tonight?"),
            ("patient", "Yes, okay."),
        )
    )
    assert found.action_items == []


def test_a_promise_answers_a_question_for_a_step():
    found = notes_of(
        talk(("therapist", "What is one step you could take?"), ("patient", "I'll call my aunt on Friday."))
    )
    assert [(one.task, one.category, one.evidence.segments) for one in found.action_items] == [
        ("I'll call my aunt on Friday", "intention", [0, 1])
    ]
    assert found.patient_summary.statements == []


def test_homework_that_is_refused_is_no_task():
    found = notes_of(
        talk(("therapist", "I'd like you to keep a diary this week."), ("patient", "No, I really don't want to."))
    )
    assert found.action_items == []


def test_a_session_about_dying_alone_gives_the_patient_no_text():
    found = notes_of(talk(("patient", "I can't sleep and I want to die.")))
    assert found.patient_summary.statements == []
    assert [one.topic for one in found.key_topics] == ["sleep"]


def test_the_text_for_the_patient_is_topics_and_agreed_homework(notes):
    assert joined(notes.patient_summary) == (
        "You spoke about work and sleep. "
        "We agreed that you will try keeping a thought record this week, just three entries."
    )


def test_the_text_for_the_patient_quotes_nothing_and_names_nothing_delicate():
    found = notes_of(talk(*[("patient", "I stood at the mirror and could not sleep.")] * 3))
    assert joined(found.patient_summary) == "You spoke about sleep."


def test_the_therapist_summary_quotes_only_with_the_speaker(notes):
    text = joined(notes.therapist_summary)
    assert text.startswith("The session touched on work, sleep")
    assert "Agreed: try keeping a thought record this week, just three entries." in text
    assert "The patient said: “I can't stop checking my phone.”" in text
    assert "The therapist said: “Next time we can come back to that" in text
    assert len(text.split()) <= 200


def test_little_material_gives_the_patient_no_text():
    found = notes_of(talk(("patient", "I could not sleep.")))
    assert found.patient_summary.statements == []
    assert joined(found.therapist_summary) == "The session touched on sleep."


def test_nothing_is_ascribed_to_the_patient_while_the_speaker_is_unknown():
    said = [("unknown", segment.text) for segment in SESSION]
    found = notes_of(talk(*said))
    assert found.key_topics
    assert (found.significant_quotes, found.triggers, found.unresolved_concerns) == ([], [], [])
    assert (found.emotional_themes, found.action_items, found.patient_summary.statements) == ([], [], [])
    assert "“" not in joined(found.therapist_summary)


def test_nothing_is_quoted_from_a_transcript_of_low_quality():
    found = ExtractedNotes.model_validate(extracted([*SESSION, *SESSION], has_low_quality=True).notes)
    assert joined(found.therapist_summary).startswith("The session touched on work, sleep")
    assert "“" not in joined(found.therapist_summary)
    assert (found.significant_quotes, found.action_items, found.patient_summary.statements) == ([], [], [])
    assert risk_of(SESSION, has_low_quality=True) == [("suicidal_ideation", [11])]


def test_a_transcript_without_words_gives_empty_notes():
    assert notes_of([]) == empty_notes()
    assert notes_of(talk(("patient", "..."), ("therapist", "—"))) == empty_notes()


def test_speech_without_full_stops_still_gives_short_lines():
    found = notes_of(talk(("patient", "I sleep badly and work is hard " * 200 + "and the rent is due")))
    assert [one.topic for one in found.key_topics] == ["sleep", "work", "money"]
    assert all(len(one.evidence.quote.split()) <= 40 for one in found.key_topics)


def test_every_statement_of_a_session_is_supported(notes):
    judged = judge(notes, SESSION)
    assert (judged.refused, judged.to_check) == (0, 0)
    assert judged.supported > 20


@unhurried
@given(transcripts)
def test_no_statement_of_any_transcript_is_refused_but_for_markup_and_strange_wording(segments):
    found = notes_of(segments)
    assert set(judge(found, segments).refused_reasons) <= {"markup", "denial", "instruction"}
    assert normalise(found) == found


def test_central_sentences_are_those_that_others_resemble():
    said = [
        "rent due",
        "sleep worries",
        "sleep work money",
        "work pressure",
        "money trouble",
    ]
    assert central_sentences(said, 1) == [2]
    assert central_sentences([], 3) == []


def test_the_ranks_are_shares():
    rank = lexrank([["a", "b"], ["b", "c"], ["d"]])
    assert np.isclose(rank.sum(), 1)
    assert rank[0] == pytest.approx(rank[1])


def steps_of(segments):
    """How many calls a draft takes."""
    counted = Counter()
    sys.setprofile(lambda frame, event, arg: counted.update([event]))
    try:
        extracted(segments)
    finally:
        sys.setprofile(None)
    return counted["call"] + counted["c_call"]


def long_talk(times):
    return talk(*[(line.speaker, f"{at} {line.text}") for at in range(times) for line in SESSION])


def one_line(times):
    return talk(
        ("therapist", "next week try to sleep and write to me about work " * times), ("patient", "yes " * times)
    )


@pytest.mark.slow
@pytest.mark.parametrize("spoken", [long_talk, one_line])
def test_a_transcript_of_twice_the_length_takes_twice_the_steps(spoken):
    extracted(spoken(3))
    assert steps_of(spoken(200)) < 2.3 * steps_of(spoken(100))


@pytest.mark.parametrize(
    "said",
    [
        "I picked up the phone and called my aunt.",
        "For homework I did the straw exercise.",
        "The bowl came out ugly and I like it.",
        "He was as cold as a teacher.",
        "I decided to come back.",
        "No worries, take your time.",
        "What would you say to a friend?",
    ],
)
def test_a_word_in_passing_is_no_topic(said):
    named = {one.topic for one in notes_of(talk(("patient", said))).key_topics}
    assert not named & PASSING


def test_half_an_answer_about_suicide_is_no_quote():
    said = talk(
        ("therapist", "When you think that, do you have any thoughts of ending your life?"),
        ("patient", "No. Not a plan or anything. It's more like I want it to stop for a while."),
        ("therapist", "Thank you. How is the garden?"),
        ("patient", "It rained a lot."),
        ("therapist", "And what did you do there?"),
        ("patient", "The garden took me four good days, and the roses are standing again."),
    )
    quoted = {quote.quote for quote in notes_of(said).significant_quotes}
    assert "It's more like I want it to stop for a while." not in quoted
    assert quoted
