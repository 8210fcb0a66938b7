import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.pipeline.tests.transcripts import read
from sessions_app.pipeline.text.matching import fold, printable
from sessions_app.pipeline.transcripts import parse_transcript, render_transcript
from sessions_app.pipeline.transcripts.clean import cleaned
from sessions_app.pipeline.types import Segment
from sessions_app.tests.talk import texts, unhurried
from therapybridge.core.errors import Unprocessable

LABELS = ("Therapist", "Lin Gast", "SPEAKER_00", "מטופלת", "Dr. Frei", "Client (she/her)")


def test_markup_in_the_words_survives():
    said = [
        Segment(0, 1.0, 2.0, "<v Therapist>I & you</v> --> &amp; {\\an8} <b>", label="Patient"),
        Segment(1, 3.0, 4.0, "NOTE <i>Patient: he said</i>", label="Therapist"),
    ]
    for name in ("vtt", "srt", "json"):
        assert read(render_transcript(said, name), f"a.{name}").segments == said


def test_files_look_as_the_field_expects():
    said = [Segment(0, 62.5, 3661.25, "Hello & you", "patient"), Segment(1, None, None, "Yes", label="Lin")]
    assert render_transcript(said, "txt") == "[00:01:02.500] Patient: Hello & you\nLin: Yes\n"
    assert render_transcript(said, "srt").startswith("1\n00:01:02,500 --> 01:01:01,250\nPatient: Hello & you\n\n2\n")
    assert render_transcript(said, "vtt").startswith(
        "WEBVTT\n\n00:01:02.500 --> 01:01:01.250\n<v Patient>Hello &amp; you\n\n"
    )
    assert json.loads(render_transcript(said, "json"))["segments"][1]["start"] is None


@pytest.mark.parametrize("name", ["vtt", "srt", "json"])
def test_lines_without_a_voice_come_back_without_one(name):
    said = [Segment(0, 1.0, 2.0, "Somebody knocked."), Segment(1, 3.0, 4.0, "Yes", label="Lin Gast")]
    said.append(Segment(2, 5.0, 6.0, "Come in.", label="Lin Gast"))
    assert read(render_transcript(said, name), f"a.{name}").segments == said


@pytest.mark.parametrize("name", ["vtt", "srt", "json"])
def test_people_who_repeat_themselves_lose_no_line(name):
    said = [Segment(at, float(at), at + 0.5, "No.", label=LABELS[at < 5]) for at in range(6)]
    assert read(render_transcript(said, name), f"a.{name}").segments == said


@pytest.mark.parametrize(
    ("label", "speaker", "name"),
    [
        ("Lin", "patient", "Lin"),
        ("Therapist", "patient", "Patient"),
        ("Client", "patient", "Client"),
        ("", "other", "Other"),
    ],
)
def test_a_label_that_says_another_role_is_not_written(label, speaker, name):
    assert render_transcript([Segment(0, None, None, "Yes", speaker, label=label)], "txt") == f"{name}: Yes\n"


# A backslash and an "n" is how some subtitles write a line break.
spoken = texts.map(cleaned).map(printable).filter(lambda text: fold(text) and "\\n" not in text.lower())
moments = st.lists(st.tuples(st.integers(0, 3_600_000 * 5), st.integers(0, 60_000)), min_size=2, max_size=12).map(
    sorted
)


@st.composite
def timed(draw):
    return [
        Segment(at, start / 1000, (start + length) / 1000, draw(spoken), label=draw(st.sampled_from(LABELS)))
        for at, (start, length) in enumerate(draw(moments))
    ]


@unhurried
@given(timed(), st.sampled_from(["vtt", "srt", "json"]))
def test_a_timed_transcript_comes_back_as_it_was(segments, name):
    parsed = read(render_transcript(segments, name), f"talk.{name}")
    assert (parsed.format, parsed.segments) == (name, segments)


@unhurried
@given(timed())
def test_a_text_file_brings_words_labels_and_starts_back(segments):
    found = read(render_transcript(segments, "txt")).segments
    assert [(one.start, one.label, one.text) for one in found] == [(s.start, s.label, s.text) for s in segments]


@unhurried
@given(st.lists(st.tuples(st.sampled_from(["", *LABELS]), spoken), min_size=1, max_size=8))
def test_a_transcript_without_times_comes_back_from_json(said):
    segments = [Segment(at, None, None, text, "other", 0.25, label) for at, (label, text) in enumerate(said)]
    found = read(render_transcript(segments, "json"), "talk.json").segments
    assert [replace(one, speaker="other") for one in found] == [replace(s, label=s.label or "other") for s in segments]


@unhurried
@given(st.binary(max_size=300), st.sampled_from(["a.vtt", "a.srt", "a.txt", "a.json"]))
def test_any_bytes_are_read_or_refused_politely(data, filename):
    with suppress(Unprocessable):
        found = parse_transcript(data, filename).segments
        assert found
        assert all(one.text == printable(one.text) for one in found)
