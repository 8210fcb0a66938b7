import pytest

from sessions_app.pipeline.text.language import language_of, languages_in

GERMAN = "Ich habe die ganze Woche schlecht geschlafen und sehe keinen Ausweg mehr."
ENGLISH = "I slept badly all week and then we had dinner with my sister on Sunday."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        ("Me siento muy cansada y no puedo dormir por las noches.", "es"),
        (GERMAN, "de"),
        ("Je ne dors plus depuis trois semaines.", "fr"),
        ("אני לא ישן בלילה", "he"),
        ("أنا لا أنام في الليل", "ar"),
        ("我最近睡不着觉", "zh"),
    ],
)
def test_the_language_of_a_sentence_is_recognised(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "Okay.", "1 2 3", "Priya, Carlos and Juan", "uh huh. hmm. yeah. no. ok."])
def test_too_little_to_tell_is_no_language(text):
    assert language_of(text) == ""


def test_a_long_text_is_judged_by_all_of_its_parts():
    assert language_of(f"{ENGLISH} " * 50 + f"{GERMAN} " * 2000) == "de"


def test_a_session_in_two_languages_has_both():
    assert languages_in([ENGLISH] * 9 + [GERMAN] * 2) == ["en", "de"]


def test_a_few_foreign_words_are_not_a_language_of_the_session():
    assert languages_in([ENGLISH] * 9 + ["Das ist mir peinlich, sagte er."]) == ["en"]


def test_two_short_lines_have_a_language():
    assert languages_in(["Wie war die Woche?", "Ich will mich umbringen."]) == ["de"]


def test_nothing_said_has_no_language():
    assert languages_in([]) == []
