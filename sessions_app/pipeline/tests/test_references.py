"""Sentences for a patient whose pronouns stand for nothing are left out."""

import pytest

from sessions_app.pipeline.drafting.references import standing_alone

HANGING = [
    "She said it helped.",
    "You spoke about what she wanted.",
    "We agreed that you will call her before Friday.",
    "We agreed that you will try it every evening.",
    "We agreed that you will write them down.",
    "It helped.",
    "They were kind to you.",
    "We agreed on this: try that once a day.",
    "You noticed that this was hard.",
]
STANDING = [
    "You spoke about sleep and work.",
    "You told your sister that she helped you.",
    "You felt that Tom listened, and that he understood.",
    "We agreed that you will try the breathing exercise every evening.",
    "We agreed that you will keep a diary and read it on Sunday.",
    "We agreed that you will write down three worries and look at them in the evening.",
    "It is hard to rest when work goes on.",
    "It helps to walk before bed.",
    "We agreed that you will go for a walk this week.",
    "Breathing slowly took a while, and it helped at night.",
    "You met your neighbours, and they were kind.",
]


@pytest.mark.parametrize("sentence", HANGING)
def test_a_sentence_that_hangs_is_left_out(sentence: str) -> None:
    assert standing_alone([sentence]) == []


@pytest.mark.parametrize("sentence", STANDING)
def test_a_sentence_that_stands_alone_is_kept(sentence: str) -> None:
    assert standing_alone([sentence]) == [sentence]


def test_what_was_said_before_is_taken_up() -> None:
    texts = ["Your mother called.", "She was worried.", "You slept badly on Monday. It was a long night."]
    assert standing_alone(texts) == texts


def test_a_sentence_that_was_left_out_names_nothing_for_the_next() -> None:
    assert standing_alone(["They came with her.", "It was late. You slept well."]) == ["You slept well."]


def test_other_languages_are_left_as_they_are() -> None:
    texts = ["Ella dijo que le ayudó.", "Hablaste de tu trabajo."]
    assert standing_alone(texts) == texts
