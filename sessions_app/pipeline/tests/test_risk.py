# ruff: noqa: RUF001  typographic apostrophes and look-alike letters are the point
from typing import get_args

import pytest
from hypothesis import given

from sessions_app.pipeline.drafting.schema import Evidence, RiskFlag, RiskType, empty_notes
from sessions_app.pipeline.evidence import judge
from sessions_app.pipeline.risk import find_risk, merge_risk, protected_lines
from sessions_app.pipeline.types import Segment
from sessions_app.tests.talk import talk, transcripts, unhurried


def said(text, speaker="patient"):
    return [(flag.type, flag.severity) for flag in find_risk(talk((speaker, text)))]


def flag(severity="high", *, source="model", segments=(0,), kind="abuse"):
    return RiskFlag(
        type=kind,
        severity=severity,
        source=source,
        speaker="patient",
        start=0.0,
        evidence=Evidence(segments=list(segments), quote="he hit me"),
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I want to kill myself", "suicidal_ideation"),
        ("I'm not suicidal", "suicidal_ideation"),
        ("I don't want to die, but I can't see another way", "suicidal_ideation"),
        ("everyone would be better off without me", "suicidal_ideation"),
        ("I wish I was dead", "suicidal_ideation"),
        ("I just want to be dead", "suicidal_ideation"),
        ("I don't want to wake up", "suicidal_ideation"),
        ("there's no point in going on", "suicidal_ideation"),
        ("I have been saving up my pills", "suicidal_ideation"),
        ("I thought about ending it", "suicidal_ideation"),
        ("I took all of my pills", "suicidal_ideation"),
        ("she swallowed the whole bottle", "suicidal_ideation"),
        ("I could jump off a bridge", "suicidal_ideation"),
        ("my brother killed himself", "suicidal_ideation"),
        ("I cut myself last night", "self_harm"),
        ("I would never self-harm again", "self_harm"),
        ("I've been cutting again", "self_harm"),
        ("I want to hurt my wife", "harm_to_others"),
        ("I hit my son", "harm_to_others"),
        ("sometimes I think about killing him", "harm_to_others"),
        ("I'm afraid I will shake the baby", "harm_to_others"),
        ("my dad beats me", "abuse"),
        ("he forced me to have sex", "abuse"),
        ("I was sexually abused", "abuse"),
        ("she hits the kids", "abuse"),
        ("I can't go on", "crisis"),
        ("the voices are telling me to do it", "crisis"),
        ("they had me sectioned", "crisis"),
        ("I drink every night to sleep... a bottle of vodka every night", "substance"),
        ("I took heroin", "substance"),
        ("I blacked out drunk", "substance"),
    ],
)
def test_a_severe_phrase_is_flagged_high(text, kind):
    assert (kind, "high") in said(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I feel like a burden", "suicidal_ideation"),
        ("I punched the wall", "self_harm"),
        ("my husband won't let me see my friends", "abuse"),
        ("it all feels hopeless", "crisis"),
        ("I relapsed", "substance"),
    ],
)
def test_a_grave_phrase_is_flagged_medium(text, kind):
    assert (kind, "medium") in said(text)


@pytest.mark.parametrize(
    "asked",
    [
        "Are you drinking?",
        "Are you still using?",
        "Have you been injecting?",
        "How much do you drink?",
        "Are you drunk right now?",
        "¿Bebes alcohol?",
        "¿Cuánto bebes?",
        "¿Has tomado drogas?",
    ],
)
def test_a_question_about_substances_is_no_crisis(asked):
    assert {kind for kind, _ in said(asked, "therapist")} == {"substance"}


@pytest.mark.parametrize(
    "asked",
    [
        "Are you drinking enough water?",
        "How much coffee do you drink a day?",
        "Are you using the breathing exercise?",
        "Have you been using your skills?",
        "¿Estás tomando la medicación?",
        "¿Bebes suficiente agua?",
    ],
)
def test_a_question_about_water_medication_or_an_exercise_is_not_listed(asked):
    assert said(asked, "therapist") == []


def test_these_hide_nothing_that_a_patient_says():
    assert ("substance", "high") in said("I was using heroin, and the app.")
    assert ("substance", "high") in said("I drink water and a bottle of vodka every night.")
    assert said("Me he tomado toda la medicación de golpe.")


@pytest.mark.parametrize("kind", get_args(RiskType))
def test_every_type_has_rules(kind):
    examples = "kill myself. cut myself. kill him. he raped me. I can't go on. heroin."
    assert kind in {found for found, _ in said(examples)}


@pytest.mark.parametrize(
    "text",
    [
        "this commute is killing me",
        "I was dying of laughter",
        "I cut myself shaving",
        "I'm dying to see it",
        "to die for",
    ],
)
def test_a_figure_of_speech_is_not_listed(text):
    assert said(text) == []


def test_a_figure_of_speech_hides_nothing_beside_it():
    assert ("suicidal_ideation", "high") in said("I could kill myself laughing. I want to kill myself.")
    assert ("suicidal_ideation", "high") in said("the commute is killing me and I want to kill myself")


@pytest.mark.parametrize(
    "text",
    [
        "I don’t want to live",
        "I DON'T WANT TO LIVE",
        "I dont want to live",
        "I don't — um, like — want to live",
        "I don't want\u00a0to\nlive",
        "I do\u200bn't wa\u00adnt to li\u2060ve",
        "ｉ ｄｏｎ＇ｔ ｗａｎｔ ｔｏ ｌｉｖｅ",
        "I don't wаnt tо livе",
        "I don't wänt to lívé",
    ],
)
def test_spelling_tricks_do_not_hide_a_phrase(text):
    assert said(text) == [("suicidal_ideation", "high")]


@pytest.mark.parametrize(
    "text",
    [
        "We had a nice walk.",
        "I skilled myself up.",
        "I drink water.",
        "Take all the time you need.",
        "Let's break down the problem.",
        "She made me feel safe.",
        "",
    ],
)
def test_plain_talk_is_not_flagged(text):
    assert said(text) == []


def test_the_sentence_is_quoted_as_it_was_said():
    found = find_risk(
        talk(("therapist", "Hello."), ("patient", "It was fine. I don’t want to die, but… I’m tired! Bye."))
    )
    assert [(one.evidence.segments, one.evidence.quote, one.start, one.source) for one in found] == [
        ([1], "I don’t want to die, but…", 10.0, "rule")
    ]


def test_the_therapists_mention_is_discussed_and_marked_as_theirs():
    found = find_risk(talk(("therapist", "Are you having thoughts of suicide?"), ("patient", "No.")))
    assert [(one.speaker, one.severity) for one in found if one.source == "rule"] == [("therapist", "high")]


def test_a_question_is_listed_once():
    found = find_risk(talk(("therapist", "Are you having thoughts of ending your life?"), ("patient", "No.")))
    assert [(one.type, one.source) for one in found] == [("suicidal_ideation", "answer"), ("suicidal_ideation", "rule")]


def test_a_phrase_of_an_answer_is_listed_within_it_and_not_once_more():
    lines = [
        Segment(0, None, None, "Do you have any thoughts of ending your life?", "therapist"),
        Segment(1, None, None, "No. It's more like I want it to stop for a while. And he hits me.", "patient"),
    ]
    own = [flag for flag in find_risk(lines) if flag.speaker == "patient"]
    assert [(flag.type, flag.source) for flag in own] == [("abuse", "rule"), ("suicidal_ideation", "answer")]


def test_a_phrase_cut_by_line_breaks_is_found():
    found = find_risk(talk(("patient", "I want"), ("patient", "to kill"), ("patient", "myself")))
    assert [(one.evidence.segments, one.evidence.quote) for one in found] == [([1, 2], "to kill myself")]


def test_an_interjection_does_not_break_a_phrase():
    found = find_risk(talk(("patient", "I want to"), ("therapist", "mm-hm"), ("patient", "die, I think")))
    assert [one.evidence.segments for one in found] == [[0, 2]]


def test_a_real_answer_does_break_it():
    assert (
        find_risk(
            talk(("patient", "I want to kill"), ("therapist", "take all the time you need"), ("patient", "myself"))
        )
        == []
    )


def test_one_sentence_gives_one_flag_of_a_type_with_its_strongest_words():
    assert said("I'm hopeless, I can't go on, there is no way out") == [("crisis", "high")]


def test_two_sentences_give_two_flags():
    assert len(find_risk(talk(("patient", "I want to die. I really want to die.")))) == 2


def test_no_words_no_flags():
    assert find_risk([]) == []


def test_a_segment_without_times_is_flagged_without_a_time():
    assert find_risk([Segment(7, None, None, "I want to die", "unknown")])[0].start is None


def test_the_model_cannot_remove_or_lower_a_rule_flag():
    rule = flag("high", source="rule")
    assert merge_risk([], [rule]) == [rule]
    assert merge_risk([flag("low")], [rule]) == [rule]


def test_the_model_can_add_and_raise():
    rule = flag("low", source="rule", segments=[3])
    other = flag("medium", segments=[1])
    assert merge_risk([flag("high", segments=[3]), other], [rule]) == [flag("high", segments=[3]), other, rule]


def test_the_model_cannot_pass_as_a_rule():
    assert [one.source for one in merge_risk([flag(source="rule")], [])] == ["model"]


@unhurried
@given(transcripts)
def test_the_grounding_check_never_removes_a_rule_flag(segments):
    found = find_risk(segments)
    judged = judge(empty_notes().model_copy(update={"risk_flags": found}), segments)
    assert [
        RiskFlag.model_validate({name: flag[name] for name in RiskFlag.model_fields})
        for flag in judged.notes["risk_flags"]
    ] == found


def protected(*lines):
    segments = talk(*lines)
    return protected_lines(segments, find_risk(segments))


def test_a_listed_line_and_its_neighbours_are_protected():
    assert protected(
        ("patient", "We went to the lake on Sunday."),
        ("therapist", "And how was it for you there?"),
        ("patient", "I wanted to kill myself."),
        ("therapist", "That sounds hard to say out loud."),
        ("patient", "We had ice cream afterwards."),
    ) == {1, 2, 3}


def test_an_interjection_is_not_the_only_neighbour():
    assert protected(
        ("patient", "I wanted to kill myself."),
        ("therapist", "mm-hm"),
        ("patient", "That was on the bridge near the school."),
        ("therapist", "And what did you do afterwards?"),
    ) == {0, 1, 2}


def test_the_whole_answer_to_a_question_about_risk_is_protected():
    assert protected(
        ("therapist", "Are you having thoughts of suicide?"),
        ("patient", "Well."),
        ("patient", "Not since I called my sister."),
        ("therapist", "Okay."),
        ("patient", "She made me promise her something."),
        ("therapist", "Let us talk about work then."),
        ("patient", "My boss is fine."),
    ) == {0, 1, 2, 3, 4, 5}


def test_without_flags_nothing_is_protected():
    assert protected(("patient", "We went to the lake.")) == set()
