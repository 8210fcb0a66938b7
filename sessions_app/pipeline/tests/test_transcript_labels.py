import pytest

from sessions_app.pipeline.tests.transcripts import said
from sessions_app.pipeline.transcripts import parse_transcript


@pytest.mark.parametrize(
    "label",
    ["Therapist", "THERAPIST", "Dr", "Dr. Anna O'Neil", "T", "P", "Mother", "Speaker 1", "SPEAKER_00", "T1", "מטפלת"],
)
def test_a_word_of_the_trade_or_a_numbered_speaker_is_a_label(label):
    assert said(f"{label}: hello there") == [(label, "hello there")]


@pytest.mark.parametrize(
    "text",
    [
        "I told him: no",
        "10:30 was too late",
        "Note: he left",
        "See https://example.org",
        "Patient",
        "We met at 10:30: too late",
        "Monday: I stayed in bed",
        "One thing: he never called",
    ],
)
def test_words_before_a_colon_are_kept_when_they_name_nobody(text):
    assert said(text) == [("", text)]


@pytest.mark.parametrize(
    "speech",
    [
        "I said: go away.",
        "She asked: why?",
        "Then he goes: no.",
        "Ich sagte: nein.",
        "J'ai dit : non.",
        "my point: it hurts",
    ],
)
def test_speech_that_comes_back_is_no_label(speech):
    content = f"Therapist: And?\nPatient: Well.\n{speech}\n{speech}"
    assert said(content)[1][1].endswith(f"{speech} {speech}")


@pytest.mark.parametrize(
    "name",
    [
        "Lin",
        "Maria Fernanda de Oliveira Santos",
        "O'Neil, Ada",
        "Jean-Luc",
        "Łucja",
        "Кира",
        "Ada Muster (she/her)",
        "MS. WEISS",
    ],
)
def test_a_name_that_is_used_once_is_a_voice_of_a_labelled_file(name):
    assert said(f"Therapist: And?\n{name}: Hard.\nTherapist: Tell me.")[1] == (name, "Hard.")


def test_names_label_a_file_without_words_of_the_trade():
    assert said("Ada: And?\nLin: Hard.") == [("Ada", "And?"), ("Lin", "Hard.")]
    assert said("ada: And?\nlin: Hard.\nada: Go on.\nlin: No.")[1] == ("lin", "Hard.")


def test_headings_do_not_make_a_labelled_file():
    assert said("Problem: sleep\nPlan: rest") == [("", "Problem: sleep"), ("", "Plan: rest")]


def test_questions_and_answers_of_a_court_are_voices():
    assert said("Q. Where were you?\nA. At home.\nQ. Alone?\nA. Yes.")[:2] == [
        ("Q", "Where were you?"),
        ("A", "At home."),
    ]
    assert said("A. Rest is one way.") == [("", "A. Rest is one way.")]


def test_sounds_in_brackets_are_no_labels():
    assert said("Patient: So.\n[Laughs] Yes.\nTherapist: Hm.\n[Laughs] Well.")[0] == ("Patient", "So. [Laughs] Yes.")


def test_an_aside_stays_with_its_label():
    assert said("Patient (crying): I can't.\nTherapist: Take your time.")[0] == ("Patient (crying)", "I can't.")


def test_names_may_have_accents_of_their_own_particles_and_short_forms():
    for name in ("Jose\u0301", "Jean-Luc d’Arcy", "Ben", "Unknown"):  # noqa: RUF001  apostrophe
        assert said(f"Therapist: And?\n{name}: Hard.\nTherapist: Tell me.")[1] == (name, "Hard.")


def test_a_paragraph_of_a_web_page_is_no_voice_called_p():
    page = b"<p><b>Therapist:</b> How was it?</p>\n<p class='x'><b>Patient:</b> A bad <i>day</i>.</p>\n"
    segments = parse_transcript(page, "talk.txt").segments
    assert [(one.label, one.text) for one in segments] == [("Therapist", "How was it?"), ("Patient", "A bad day.")]
