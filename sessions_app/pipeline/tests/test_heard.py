"""Lines of transcription replies: units of time, gaps, and words over silence."""

import pytest

from sessions_app.pipeline.engines.heard import heard


def entry(text, start, end, **more):
    return {"text": f" {text}", "start": start, "end": end} | more


def times(entries, seconds=20.0):
    return [(line.start, line.end) for line in heard(entries, seconds)[0]]


@pytest.mark.parametrize("unit", [1, 1000, 1_000_000, 1_000_000_000])
def test_times_are_read_in_any_unit(unit):
    said = [entry("How was it?", 0.3 * unit, 4 * unit), entry("Bad.", 11 * unit, 15 * unit)]
    assert times(said) == [(pytest.approx(0.3), 4.0), (11.0, 15.0)]


def test_times_in_no_unit_that_we_know_are_no_times():
    assert times([entry("How was it?", 3e14, 4e14), entry("Bad.", 5e17, 6e17)]) == [(None, None), (None, None)]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(0.3, 4), (11, None)], [(0.3, 4.0), (11.0, 20.0)]),
        ([(0.3, None), (11, 15)], [(0.3, 11.0), (11.0, 15.0)]),
        ([(None, None), (11, 15)], [(0.0, 11.0), (11.0, 15.0)]),
        ([(2, 4), (None, 15)], [(2.0, 4.0), (4.0, 15.0)]),
        ([("2.0", "4"), (float("nan"), 15)], [(2.0, 4.0), (4.0, 15.0)]),
        ([(-1, 4), (3, 2)], [(0.0, 4.0), (3.0, 3.0)]),
        ([(1, 4), (18, 29)], [(1.0, 4.0), (18.0, 20.0)]),
    ],
)
def test_a_missing_or_impossible_time_lies_between_its_neighbours(pairs, expected):
    assert times([entry(str(at), *pair) for at, pair in enumerate(pairs)]) == expected


def test_without_any_time_there_is_none():
    assert times([entry("How was it?", None, None), {"text": "Bad."}]) == [(None, None), (None, None)]


@pytest.mark.parametrize(
    ("measures", "is_invented"),
    [
        ({"no_speech_prob": 0.93, "avg_logprob": -1.2}, True),
        ({"no_speech_prob": 0.93}, True),
        ({"no_speech_prob": 0.93, "avg_logprob": -0.2}, False),
        ({"no_speech_prob": 0.1, "avg_logprob": -2}, False),
        ({"no_speech_prob": None, "avg_logprob": None}, False),
        ({}, False),
    ],
)
def test_words_that_the_engine_itself_takes_for_silence_are_left_out_and_counted(measures, is_invented):
    lines, invented = heard([entry("Bad.", 1, 2), entry("Thanks for watching!", 5, 7, **measures)], 20.0)
    assert ([line.text for line in lines], invented) == (
        ["Bad."] if is_invented else ["Bad.", "Thanks for watching!"],
        int(is_invented),
    )


@pytest.mark.parametrize(("given", "label"), [("A", "A"), (0, "0"), (None, None), ({"id": 1}, None)])
def test_a_speaker_may_be_a_number(given, label):
    [line], _ = heard([entry("Bad.", 1, 2, speaker=given)], 20.0)
    assert line.speaker == label


@pytest.mark.parametrize("text", [None, 3, "", "  ", ["Bad."]])
def test_an_entry_without_text_is_no_line(text):
    assert heard([{"text": text, "start": 0, "end": 1}], 20.0) == ([], 0)
