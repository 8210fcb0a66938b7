"""A writer's words for what was said: which pass, and which a person has to look at."""

import pytest

from sessions_app.pipeline.tests.test_evidence import of_task, of_text
from sessions_app.pipeline.text.words import content_words, spoken_words
from sessions_app.tests.talk import talk

TALK = talk(
    ("therapist", "Priya, do you still go to the choir?"),
    ("patient", "Not since May. I keep putting it off. I thought everybody would stare at me."),
    ("therapist", "What about the bus to work?"),
    ("patient", "I got off at the next stop and walked the rest. I was so scared I couldn't get my breath."),
    ("therapist", "Do you talk with your husband about the debts?"),
    ("patient", "Hardly ever. He flew off the handle last time, so I stay away from it."),
    ("therapist", "Did you take the tablets on Monday and Tuesday?"),
    ("patient", "Monday none, Tuesday two. She wanted me to take a third and I said I couldn't."),
    ("therapist", "Could you write down three worries every evening, and then close the notebook?"),
    ("patient", "Okay. My boss is always on at me and I get so anxious."),
)


def outcome(text, *cited):
    return of_text(text, *cited, segments=TALK)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Her husband lost his temper.", (5,)),  # a phrase for a phrase
        ("She was short of breath.", (3,)),
        ("She feared that everyone would look at her.", (1,)),  # fear for a thought
        ("She left the bus at the next stop and walked.", (2, 3)),  # a stop is no negation
        ("Priya rarely talks with her husband about the debts.", (4, 5)),  # the question says of what; her name
        ("She avoids talking about the debts.", (4, 5)),
        ("She took no tablets on Monday.", (6, 7)),  # a no after the word that it denies
        ("She said that she could not take a third.", (7,)),
        ("She has postponed going to the choir since May.", (0, 1)),
    ],
)
def test_what_a_writer_says_in_other_words_is_supported(text, cited):
    assert outcome(text, *cited) == ("supported", "")


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("She walked the rest, where her sister lives.", (3,)),  # an addition of its own
        ("She walked the rest, late and cold.", (3,)),
        ("She goes to the choir.", (0, 1)),  # the question was denied
        ("She often talks with her husband about the debts.", (4, 5)),
        ("She took the tablets on Monday.", (6, 7)),
        ("She took a third tablet because of withdrawal.", (7,)),  # a clinical judgement
        ("She hates her husband for flying off the handle.", (5,)),  # a feeling
        ("She told her mother that she could not take a third.", (7,)),  # a person
    ],
)
def test_what_a_writer_adds_is_to_check(text, cited):
    assert outcome(text, *cited)[0] == "check"


def test_a_task_may_have_been_set_as_a_question():
    assert of_task("Write down three worries every evening and close the notebook.", 8, segments=TALK)[0] == "supported"


def test_a_writers_word_stands_for_many_said_ones_and_not_they_for_each_other():
    said = {"whisky": spoken_words("whisky"), "alcohol": spoken_words("alcohol")}
    assert content_words("alcohol")[0].means(said["whisky"][0])
    assert not content_words("vodka")[0].means(said["whisky"][0])
    assert not content_words("whisky")[0].means(said["alcohol"][0])


def test_a_writers_word_stands_for_its_signs_and_no_sign_for_another():
    shaking = spoken_words("My hands shake and my legs are like jelly.")
    assert any(content_words("trembling")[0].means(word) for word in shaking)
    racing = spoken_words("My heart races, I feel dizzy.")
    assert any(content_words("physical symptoms")[0].means(word) for word in racing)
    assert not any(content_words("legs like jelly")[0].means(word) for word in racing)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("withdrew", "I stayed in my room and didn't answer the phone."),
        ("insomnia", "I was staring at the ceiling until four."),
        ("irritable", "I keep snapping at the children."),
        ("ruminated", "It just goes round and round."),
        ("unmotivated", "I can't be bothered."),
        ("nightly", "It happens every single night."),
        ("procrastination", "I keep putting it off."),  # a phrase that a text has as one word
    ],
)
def test_a_clinicians_word_is_said_in_idioms(note, said):
    assert any(content_words(note)[0].means(word) for word in spoken_words(said))


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("palpitations", "I felt so dizzy."),
        ("withdrew", "I went out with my brother."),
        ("insomnia", "I slept like a log."),
        ("slightly", "It is so much better."),
    ],
)
def test_and_in_no_words_for_something_else(note, said):
    assert not any(content_words(note)[0].means(word) for word in spoken_words(said))
