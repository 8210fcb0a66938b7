"""Faithful statements that are easily misread, each beside a false one that must not pass with it."""

import pytest

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.lexicon.languages import LANGUAGES
from sessions_app.pipeline.tests.test_evidence import judged, of_task, of_text, outcome, proof
from sessions_app.pipeline.text.figures import with_figures
from sessions_app.pipeline.text.matching import sentences
from sessions_app.pipeline.text.words import content_words
from sessions_app.tests.talk import talk

SPANISH = LANGUAGES["es"]
TALK = talk(
    ("therapist", "Hello, Meera. You look like you ran here. What happened in January?"),
    ("patient", "They moved me to the early dispatch shift. I start at the bus garage at five."),
    ("therapist", "Any pills to get through that?"),
    ("patient", "No pills and one glass of wine on Saturday. My sister says, Meera wouldnae touch it."),
    ("therapist", "So he sets the timer. And what is your half?"),
    ("patient", "I say where I'm going instead of just going. Dr. Bell put me on sertraline."),
)


def of_trigger(text, *cited):
    return outcome(
        judged(TALK, triggers=[schema.Trigger(trigger=text, context="", severity=None, evidence=proof(*cited))])
    )


def test_a_heading_that_looks_like_an_instruction_is_none():
    assert of_trigger("Move to the early dispatch shift in January", 0, 1) == ("supported", "")
    assert of_trigger("Stop taking the sertraline", 5) == ("refused", "instruction")


def test_a_task_in_words_that_the_patient_said_of_themselves_is_never_refused():
    assert of_task("Say where she is going instead of just going.", 4, 5, segments=TALK)[0] != "refused"
    assert of_task("Drive past the bar every evening.", 4, 5, segments=TALK) == ("refused", "instruction")


def test_whom_the_therapist_greets_is_the_patient_although_others_say_the_name():
    assert of_text("Meera starts at the bus garage at 5.", 1, segments=TALK) == ("supported", "")
    assert of_text("Meera wants to leave the bus garage.", 1, segments=TALK)[0] == "check"


def test_nothing_passes_of_a_clause_that_nobody_said():
    assert of_text("She starts at the bus garage at 5; bonding unimpaired.", 1, segments=TALK)[0] == "check"
    assert of_text("She starts at the bus garage at 5, without nightmares.", 1, segments=TALK)[0] == "check"


def test_a_title_does_not_end_a_sentence():
    assert sentences("I told Dr. Bell at 3 p.m. on Monday. She agreed.") == [
        "I told Dr. Bell at 3 p.m. on Monday.",
        "She agreed.",
    ]


@pytest.mark.parametrize(
    ("text", "language", "denied"),
    [
        ("No pills and one glass of wine", "en", {"pills"}),
        ("No pills and no wine", "en", {"pills", "wine"}),
        ("He wouldnae come to the phone", "en", {"phone"}),
        ("Almost every evening he walked", "en", set()),
        ("He almost walked", "en", {"walked"}),
        ("Casi todas las tardes camina", "es", set()),
        ("Casi camina", "es", {"camina"}),
    ],
)
def test_what_a_no_reaches(text, language, denied):
    assert {word.text for word in content_words(text, LANGUAGES[language]) if word.is_negated} == denied


def test_spanish_numbers_end_in_a_feminine_one():
    assert with_figures("treinta y una tomas, una hora", SPANISH) == "31 tomas, una hora"
