"""Speaker assignment: by channel, provider or voice, in this order."""

from dataclasses import replace

import numpy as np
import pytest

from sessions_app.pipeline.audio.probe import probe
from sessions_app.pipeline.audio.splitter import split
from sessions_app.pipeline.speakers.assign import with_voices
from sessions_app.pipeline.speakers.resolve import People, resolve
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


def told(segments, labels, **audio):
    """Speakers, and the labels of their voices in the order of their first lines."""
    voiced = with_voices(segments, labels, **audio)
    resolved = resolve(voiced, People())
    return [segment.speaker for segment in resolved.segments], list(dict.fromkeys(s.label for s in voiced))


def test_each_chunk_whose_voices_are_compared_is_asked_about(session):
    segments, _, result = session(max_seconds=15)
    asked = []
    with_voices(segments, [None] * len(segments), pieces=result.pieces, before_piece=lambda: asked.append(1))
    assert len(asked) == len(result.pieces) > 1


def test_stereo_is_told_by_channel_before_anything_else(session):
    segments, truth, result = session(stereo=True)
    found = told(segments, ["A"] * 6 + ["B"] * 6, pieces=result.pieces, channel_balance=result.channel_balance)
    assert found == (truth, ["Left channel", "Right channel"])


def test_provider_labels_come_before_voices(session):
    segments, truth, result = session()
    assert told(segments, ["S1", "S2"] * 6, pieces=result.pieces) == (truth, ["S1", "S2"])


def test_two_voices_in_one_channel_are_told_apart(session):
    segments, truth, result = session()
    assert told(segments, [None] * 12, pieces=result.pieces) == (truth, ["Voice 1", "Voice 2"])


def test_voices_are_followed_across_pieces(session):
    segments, truth, result = session(max_seconds=9)
    assert len(result.pieces) > 3
    assert told(segments, [None] * 12, pieces=result.pieces)[0] == truth


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
    assert [s.label for s in with_voices(silent, labels, pieces=result.pieces)] == ["Voice 1", "Voice 2"] * 6


def test_one_voice_alone_stays_unknown(session):
    segments, _, result = session(voices=(DEEP,))
    assert told(segments, [None] * 12, pieces=result.pieces) == (["unknown"] * 12, [""])


def test_one_lively_voice_is_not_cut_in_half():
    lively = np.random.default_rng(3).normal(0, 2, (80, 13))
    assert two_voices(lively) is None
    assert two_voices(np.concatenate([lively, lively + 20])) is not None


def test_one_label_for_everybody_is_no_answer(session):
    segments, _, result = session()
    assert told(segments, ["A"] * 12, pieces=result.pieces)[1] == ["Voice 1", "Voice 2"]


def test_without_times_or_audio_nothing_is_guessed():
    segments = [Segment(0, None, None, "Hello. How are you?"), Segment(1, None, None, "I am fine.")]
    assert with_voices(segments, [None, None]) == segments
    assert with_voices([], []) == []


def test_segments_without_a_label_stay_unknown_and_keep_their_text(session):
    segments, truth, _ = session()
    assert told(segments, ["A", "B"] * 5 + ["A", None])[0] == [*truth[:11], "unknown"]
    voiced = with_voices(segments, ["A", "B"] * 5 + ["A", None])
    assert [replace(segment, label="") for segment in voiced] == segments


def test_parts_that_only_their_words_link_are_linked_where_they_are_clear(session):
    segments, truth, result = session(voices=(DEEP,), max_seconds=9)
    labels = ["A" if role == "therapist" else "B" for role in truth]
    mumbled = [replace(segment, text="Well, yes.") for segment in segments[:4]] + segments[4:]
    found = [segment.label for segment in with_voices(mumbled, labels, pieces=result.pieces)]
    assert {"A, part 1", "B, part 1"} <= set(found)
    assert resolve(with_voices(mumbled, labels, pieces=result.pieces), People()).must_ask
