"""Speaker assignment: by channel, provider or voice, in this order."""

from dataclasses import replace

import numpy as np
import pytest

from sessions_app.pipeline.audio.probe import probe
from sessions_app.pipeline.audio.splitter import split
from sessions_app.pipeline.speakers.assign import assign_speakers, swap_speakers
from sessions_app.pipeline.speakers.roles import name_roles
from sessions_app.pipeline.speakers.voices import two_voices
from sessions_app.pipeline.types import Segment
from sessions_app.tests.audio_files import DEEP, HIGH, dialogue, write

QUESTIONS = (
    "How have you been since our last session?",
    "What happens when you feel like that?",
    "Can you tell me more about your sleep?",
    "It sounds like you are worried. What would help you?",
    "Would you be willing to try your breathing exercise?",
    "How was it for you to call your sister?",
)
ANSWERS = (
    "I have been tired and my work is too much for me.",
    "I lie awake and I think about my mother.",
    "I wake at three and I cannot sleep again.",
    "I am afraid that I lose my job and my flat.",
    "I will do it before I go to my bed.",
    "I was nervous, and my hands were shaking, but I am glad that I did it.",
)


@pytest.fixture
def session(tmp_path):
    """Builds (segments, truth, split result) of a dialogue in which the therapist speaks first."""

    def build(*, stereo=False, voices=(HIGH, DEEP), max_seconds=480.0):
        tracks, times = dialogue(12, voices=voices)
        lines = [line for pair in zip(QUESTIONS, ANSWERS, strict=True) for line in pair]
        path = write(tmp_path / "a.wav", tracks if stereo else [sum(tracks)])
        result = split(path, probe(path, "a.wav"), tmp_path / "pieces", max_seconds=max_seconds, utterances=False)
        segments = [Segment(i, start, end, lines[i]) for i, (start, end, _) in enumerate(times)]
        return segments, ["therapist", "patient"] * 6, result

    return build


def speakers(segments):
    return [segment.speaker for segment in segments]


def test_stereo_is_told_by_channel_before_anything_else(session):
    segments, truth, result = session(stereo=True)
    named, source = assign_speakers(
        segments, ["A"] * 6 + ["B"] * 6, pieces=result.pieces, channel_balance=result.channel_balance
    )
    assert (speakers(named), source) == (truth, "channel")


def test_provider_labels_come_before_voices(session):
    segments, truth, result = session()
    named, source = assign_speakers(segments, ["S1", "S2"] * 6, pieces=result.pieces)
    assert (speakers(named), source) == (truth, "provider")


def test_two_voices_in_one_channel_are_told_apart(session):
    segments, truth, result = session()
    named, source = assign_speakers(segments, [None] * 12, pieces=result.pieces)
    assert (speakers(named), source) == (truth, "voice")


def test_voices_are_followed_across_pieces(session):
    segments, truth, result = session(max_seconds=9)
    assert len(result.pieces) > 3
    assert speakers(assign_speakers(segments, [None] * 12, pieces=result.pieces)[0]) == truth


def test_labels_that_start_again_in_every_piece_are_linked_by_voice(session):
    segments, truth, result = session(max_seconds=9)
    labels = []
    for piece in result.pieces:
        inside = [
            role for segment, role in zip(segments, truth, strict=True) if piece.start <= segment.start < piece.end
        ]
        labels += ["A" if role == inside[0] else "B" for role in inside]
    assert labels != ["A", "B"] * 6
    silent = [replace(segment, text=segment.text if segment.index < 2 else "Well, yes.") for segment in segments]
    named, source = assign_speakers(silent, labels, pieces=result.pieces)
    assert (speakers(named), source) == (truth, "provider")


def test_one_voice_alone_stays_unknown(session):
    segments, _, result = session(voices=(DEEP,))
    named, source = assign_speakers(segments, [None] * 12, pieces=result.pieces)
    assert (set(speakers(named)), source) == ({"unknown"}, "none")


def test_one_lively_voice_is_not_cut_in_half():
    lively = np.random.default_rng(3).normal(0, 2, (80, 13))
    assert two_voices(lively) is None
    assert two_voices(np.concatenate([lively, lively + 20])) is not None


def test_one_label_for_everybody_is_no_answer(session):
    segments, _, result = session()
    assert assign_speakers(segments, ["A"] * 12, pieces=result.pieces)[1] == "voice"


def test_without_times_or_audio_nothing_is_guessed():
    segments = [Segment(0, None, None, "Hello. How are you?"), Segment(1, None, None, "I am fine.")]
    assert assign_speakers(segments, [None, None]) == (segments, "none")
    assert assign_speakers([], []) == ([], "none")


def test_segments_without_a_label_stay_unknown_and_keep_their_text(session):
    segments, truth, _ = session()
    named, _ = assign_speakers(segments, ["A", "B"] * 5 + ["A", None])
    assert speakers(named) == [*truth[:11], "unknown"]
    assert [replace(segment, speaker="unknown") for segment in named] == segments


def test_labels_that_are_roles_already_are_kept():
    roles = name_roles({"Client": ["How are you? What do you think?"], "Therapist": ["I am well."], "Sister": ["Hi."]})
    assert roles == {"Client": "patient", "Therapist": "therapist", "Sister": "other"}


def test_the_one_who_asks_is_the_therapist_whoever_starts_and_however_long():
    assert name_roles({"A": ANSWERS, "B": QUESTIONS * 3}) == {"A": "patient", "B": "therapist"}


def test_questions_are_recognized_without_punctuation():
    asked = [line.rstrip("?").lower() for line in QUESTIONS] * 2
    assert name_roles({"A": asked, "B": ANSWERS}) == {"A": "therapist", "B": "patient"}


def test_when_words_tell_nothing_the_one_who_talks_less_is_the_therapist():
    assert name_roles({"A": ["rain today"], "B": ["sun and wind and clouds"]}) == {"A": "therapist", "B": "patient"}


def test_a_third_speaker_is_another_person():
    assert name_roles({"A": QUESTIONS, "B": ANSWERS, "C": ["Bye."]})["C"] == "other"


def test_swapping_exchanges_the_two_and_twice_is_as_before():
    segments = [Segment(i, None, None, "x", speaker) for i, speaker in enumerate(("therapist", "patient", "other"))]
    assert speakers(swap_speakers(segments)) == ["patient", "therapist", "other"]
    assert swap_speakers(swap_speakers(segments)) == segments
