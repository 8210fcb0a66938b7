"""The guard refuses silence, tones and looped text, but not ordinary speech."""

from pathlib import Path

import numpy as np
import pytest

from sessions_app.pipeline.audio.guard import after_transcript, before_model, looped_share, require_understood
from sessions_app.pipeline.audio.probe import probe
from sessions_app.pipeline.audio.splitter import split
from sessions_app.pipeline.types import Segment
from sessions_app.tests.audio_files import RATE, room, speech, tone, write
from therapybridge.core.errors import Unprocessable

TALK = (
    "I have been feeling better this week. I went for a walk every day and I called my sister on Sunday. "
    "We talked about our mother and I cried, and then it was easier. At work it is still hard for me."
)


def recorded(folder: Path, samples: np.ndarray):
    path = write(folder / "a.wav", [samples])
    return split(path, probe(path, "a.wav"), folder / "pieces", max_seconds=60, utterances=False)


def refusal(call, *args) -> str:
    with pytest.raises(Unprocessable) as caught:
        call(*args)
    assert caught.value.status == 422
    return caught.value.code


def said(*texts: str) -> list[Segment]:
    return [Segment(index, index * 5.0, index * 5.0 + 5, text) for index, text in enumerate(texts)]


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(10 * RATE),
        room(10),
        room(10) * 30,
        tone(10),
        tone(10) + room(10),
        np.concatenate([np.append(tone(0.7, hertz), np.zeros(RATE // 2)) for hertz in (440, 660, 440, 880)])
        + room(4.8),
        np.concatenate([room(5), speech(0.6) + room(0.6), room(5)]),
    ],
    ids=["digital-silence", "room", "loud-noise", "tone", "tone-in-a-room", "beeps", "half-a-word"],
)
def test_a_recording_without_speech_is_refused(tmp_path, samples):
    assert refusal(before_model, recorded(tmp_path, samples)) == "no_speech"


@pytest.mark.parametrize(
    "samples",
    [
        np.concatenate([room(1), speech(3) + room(3), room(1)]),
        np.concatenate([room(1), speech(3) * 0.02 + room(3) * 0.2, room(1) * 0.2]),
        np.concatenate([np.zeros(RATE), speech(3), np.zeros(RATE)]),
        np.concatenate([room(5) * 10, speech(5) + room(5) * 10, room(5) * 10]),
    ],
    ids=["clear", "very-quiet", "gated", "noisy-room"],
)
def test_speech_is_let_through(tmp_path, samples):
    before_model(recorded(tmp_path, samples))


def test_an_empty_transcript_is_refused():
    assert refusal(after_transcript, [], 5.0) == "no_speech"
    assert refusal(after_transcript, said(" ", "..."), 5.0) == "no_speech"


def test_three_words_for_half_an_hour_of_speech_are_refused():
    assert refusal(after_transcript, said("Thank you.", "Bye."), 1800.0) == "no_speech"


def test_one_word_is_enough_for_a_short_recording():
    after_transcript(said("Yes."), 20.0)


def test_ordinary_talk_is_let_through():
    after_transcript(said(TALK, "No, no, no, no. I did not mean that.", "Okay. Okay. Thank you."), 40.0)


@pytest.mark.parametrize(
    "texts",
    [
        ["Thank you for watching."] * 12,
        [TALK, *["I do not know what to say."] * 30],
        ["you " * 200],
        [TALK] * 5,
    ],
    ids=["same-line", "tail", "one-word", "long-passage"],
)
def test_text_that_goes_round_in_circles_is_refused(texts):
    assert refusal(after_transcript, said(*texts), 60.0) == "looped_text"


def test_the_looped_share_counts_only_what_repeats_in_a_row():
    assert looped_share(["a", "b", "c", "d", "e", "f", "g", "h"]) == 0
    assert looped_share(["x", "y", "z", "a", "b", "a", "b", "a", "b", "a", "b"]) == pytest.approx(8 / 11)
    assert looped_share(["a", "b", "a", "b", "a", "b", "c", "d"]) == 0
    assert looped_share([]) == 0


def heard_twice(*confidences: float | None) -> list[Segment]:
    return [Segment(n, n, n + 1, "and then we talked about it", confidence=c) for n, c in enumerate(confidences)]


@pytest.mark.parametrize("confidences", [(0.2, 0.3, 0.1), (0.1, 0.1, 0.9, None, None)])
def test_what_comes_out_differently_each_time_is_refused(confidences):
    assert refusal(require_understood, heard_twice(*confidences), "English") == "not_understood"


@pytest.mark.parametrize(
    "confidences", [(0.6, 0.3, 0.9), (None, None, None), (0.1,)], ids=["mixed", "unmeasured", "short"]
)
def test_what_is_mostly_heard_again_is_kept(confidences):
    require_understood(heard_twice(*confidences), "English")
