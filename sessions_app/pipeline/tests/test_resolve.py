"""Whose voice is whose: names, words of the trade, what each says, else a question to the therapist."""

import pytest

from sessions_app.pipeline.speakers.resolve import MAX_VOICES, People, resolve, voices_in
from sessions_app.pipeline.types import Segment

PEOPLE = People(therapist="Dana Weiss", patient="Jonas Adebayo")
ASKED = ("What brings you here?", "How did you sleep?", "Can you tell me more about that?")
SAID = ("I lie awake and my head is full.", "I slept three hours.", "My boss wrote me at night again.")
CHAT = ("It rained in the hills.", "The bus was late.", "There was soup.")


def talk(**voices):
    """Lines of each voice in turn; the keywords are labels, with "_" for a space."""
    turns = zip(*voices.values(), strict=True)
    labels = [label.replace("_", " ") for label in voices]
    said = [(label, text) for turn in turns for label, text in zip(labels, turn, strict=True)]
    return [Segment(at, None, None, text, label=label) for at, (label, text) in enumerate(said)]


def roles(segments, people=PEOPLE):
    resolved = resolve(segments, people)
    return {segment.label: segment.speaker for segment in resolved.segments}, resolved.source, resolved.must_ask


@pytest.mark.parametrize(
    ("therapist", "patient"),
    [
        ("Dana Weiss", "Jonas Adebayo"),
        ("WEISS, Dana", "adebayo jonas"),
        ("Dr. Weiss", "Jonas"),
        ("Dana Weiss (she/her)", "Jonas Adebayo\u2019s iPhone"),
        ("DW", "JA"),
        ("Dána", "JONAS"),
        ("Dana Weiss", "Speaker 2"),
        ("Guest", "Jonas"),
    ],
)
def test_names_tell_whatever_is_said(therapist, patient):
    segments = [
        Segment(0, None, None, "Rain again.", label=therapist),
        Segment(1, None, None, "How was yours? And why?", label=patient),
    ]
    assert roles(segments) == ({therapist: "therapist", patient: "patient"}, "name", False)


def test_a_name_that_both_share_tells_nothing():
    people = People(therapist="Dana Weiss", patient="Dana Okoro")
    assert roles(talk(Dana=CHAT, Speaker_2=CHAT), people)[2]
    assert roles(talk(Okoro=CHAT, Weiss=CHAT), people) == ({"Okoro": "patient", "Weiss": "therapist"}, "name", False)


def test_a_person_of_another_name_is_not_taken_for_the_patient():
    assert roles(talk(Dana=ASKED, Marta=SAID)) == ({"Dana": "unknown", "Marta": "unknown"}, "none", True)


@pytest.mark.parametrize(
    ("therapist", "patient"),
    [
        ("Therapist", "Client"),
        ("T", "P"),
        ("Psicóloga", "Paciente"),
        ("Therapeutin", "Klient"),
        ("Psychologue", "Patiente"),
        ("מטפלת", "מטופל"),
        ("المعالج", "المريض"),
        ("Dr Smith", "Speaker 1"),
        ("Therapist", "Lin"),
        ("Dr. Muster", "Maria Fernanda de Oliveira Santos"),
        ("Ada", "Client"),
    ],
)
def test_words_of_the_trade_tell_in_six_languages(therapist, patient):
    segments = [Segment(at, None, None, "Rain.", label=label) for at, label in enumerate((patient, therapist))]
    assert roles(segments, People()) == ({therapist: "therapist", patient: "patient"}, "label", False)


def test_who_asks_and_leads_is_the_therapist_whoever_starts():
    assert roles(talk(SPEAKER_00=SAID, SPEAKER_01=ASKED)) == (
        {"SPEAKER 00": "patient", "SPEAKER 01": "therapist"},
        "guess",
        False,
    )


def test_questions_are_recognised_without_punctuation():
    asked = tuple(line.rstrip("?").lower() for line in ASKED)
    assert roles(talk(A=asked, B=SAID))[0] == {"A": "therapist", "B": "patient"}


@pytest.mark.parametrize(
    "segments",
    [
        talk(A=CHAT, B=CHAT),
        talk(A=ASKED, B=ASKED),
        talk(A=ASKED, B=SAID, C=SAID),
        talk(Therapist=ASKED, Supervisor=CHAT),
        talk(Therapist=ASKED, Unknown=SAID),
        talk(Marta=CHAT, Olu=CHAT),
    ],
    ids=["nobody asks", "both ask", "three voices", "no patient", "unknown", "strangers"],
)
def test_in_doubt_a_person_is_asked_and_nobody_has_a_role(segments):
    resolved = resolve(segments, PEOPLE)
    assert resolved.must_ask
    assert {segment.speaker for segment in resolved.segments} == {"unknown"}


def test_beside_both_anybody_else_is_somebody_else():
    segments = talk(Dana=ASKED, Jonas=SAID, Marta=CHAT, Mother=CHAT)
    found = {"Dana": "therapist", "Jonas": "patient", "Marta": "other", "Mother": "other"}
    assert roles(segments) == (found, "name", False)


def test_one_label_for_everybody_is_no_answer_unless_it_is_a_role():
    assert roles(talk(SPEAKER_00=SAID)) == ({"SPEAKER 00": "unknown"}, "none", False)
    assert roles(talk(Patient=SAID)) == ({"Patient": "patient"}, "label", False)
    assert resolve([], PEOPLE).must_ask is False


def test_more_voices_than_a_session_can_have_are_none():
    segments = [Segment(at, None, None, "Rain.", label=f"Name {at}") for at in range(MAX_VOICES + 1)]
    resolved = resolve(segments, PEOPLE)
    assert (resolved.must_ask, resolved.source) == (False, "none")
    assert resolve(segments[1:], PEOPLE).must_ask


def test_lines_without_a_label_stay_without_a_speaker():
    segments = [*talk(Dana=ASKED, Jonas=SAID), Segment(6, None, None, "(pause)")]
    assert resolve(segments, PEOPLE).segments[-1].speaker == "unknown"


def test_a_voice_shows_the_lines_that_say_most_in_order():
    said = ("Hm.", "I lie awake every night now.", "Yes.", "My boss wrote me at night again.", "I am so tired of it.")
    [voice] = voices_in([Segment(at, None, None, text, label="A") for at, text in enumerate(said)])
    assert [line.index for line in voice.telling()] == [1, 3, 4]
