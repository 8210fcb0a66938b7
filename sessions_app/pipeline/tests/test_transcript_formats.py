import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.pipeline import transcript_formats
from sessions_app.pipeline.text.matching import fold, printable
from sessions_app.pipeline.transcript_formats import parse_transcript, render_transcript
from sessions_app.pipeline.types import Segment
from sessions_app.tests.talk import SPEAKERS, talk, texts, unhurried
from therapybridge.core.errors import TooLarge, Unprocessable


def read(content, filename="talk.txt"):
    data = content if isinstance(content, bytes) else content.encode()
    return parse_transcript(data, filename)


def lines(content, filename="talk.txt"):
    return [(one.start, one.end, one.speaker, one.text) for one in read(content, filename).segments]


def roles(content, filename="talk.txt"):
    return [(one.speaker, one.text) for one in read(content, filename).segments]


VTT = """WEBVTT - Session
Kind: captions

NOTE
a remark

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.500 align:start position:10%
<v.loud Dr Smith>Hello <b>you</b> &amp; me</v>

01:00:00.000 --> 01:00:01.250
<v Patient>I said
more</v>
<v Therapist>Go on
"""


def test_vtt_is_read_with_voices_settings_and_short_times():
    assert read(VTT, "a.vtt").format == "vtt"
    assert lines(VTT, "a.vtt") == [
        (1.0, 2.5, "therapist", "Hello you & me"),
        (3600.0, 3601.25, "patient", "I said more"),
        (3600.0, 3601.25, "therapist", "Go on"),
    ]


def test_vtt_without_a_blank_line_after_the_header_is_read():
    assert lines("WEBVTT\n00:01.000 --> 00:02.000\nPatient: hello", "a.vtt") == [(1.0, 2.0, "patient", "hello")]


def test_srt_is_read_with_labels_and_markup():
    content = (
        "1\n00:00:01,000 --> 00:00:02,000\n<i>Client:</i> Hi\nthere\n\n2\n00:00:03,5 --> 00:00:04,000\n{\\an8}Yes\n"
    )
    content = content.replace("\n", "\r\n")
    assert lines(content, "a.srt") == [(1.0, 2.0, "patient", "Hi there"), (3.5, 4.0, "unknown", "Yes")]


def test_text_is_read_with_times_and_labels():
    content = "[00:01:02] Patient: I slept.\nBadly.\n(1:10) T: I see.\n\n[01:00:00.500] Client 2: Yes"
    assert lines(content) == [
        (62.0, 70.0, "patient", "I slept. Badly."),
        (70.0, 3600.5, "therapist", "I see."),
        (3600.5, 3600.5, "patient", "Yes"),
    ]


def test_prose_is_read_by_paragraph():
    content = "The first\nparagraph.\n\nThe second: with a colon.\n"
    assert lines(content) == [
        (None, None, "unknown", "The first paragraph."),
        (None, None, "unknown", "The second: with a colon."),
    ]


def test_prose_without_blank_lines_is_read_by_line():
    assert [text for _, text in roles("one line\nanother line")] == ["one line", "another line"]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Therapist", "therapist"),
        ("THERAPIST", "therapist"),
        ("Dr", "therapist"),
        ("Dr. Anna O'Neil", "therapist"),
        ("Counsellor", "therapist"),
        ("Counselor 1", "therapist"),
        ("T", "therapist"),
        ("Patient", "patient"),
        ("Client", "patient"),
        ("P", "patient"),
        ("Mother", "other"),
        ("Interpreter", "other"),
        ("Speaker 1", "unknown"),
        ("SPEAKER_00", "unknown"),
        ("Unknown", "unknown"),
    ],
)
def test_a_label_names_a_role(label, role):
    assert roles(f"{label}: hello there") == [(role, "hello there")]


@pytest.mark.parametrize(
    "text", ["I told him: no", "10:30 was too late", "Note: he left", "See https://example.org", "Patient"]
)
def test_words_before_a_colon_are_kept_when_they_name_nobody(text):
    assert roles(text) == [("unknown", text)]


def test_two_names_without_a_role_stay_apart():
    assert [role for role, _ in roles("Anna: a\nBob: b\nAnna: c\nBob: d")] == ["unknown", "other", "unknown", "other"]
    assert roles("Speaker 1: a\nSpeaker 2: b") == [("unknown", "a"), ("other", "b")]


def test_json_of_a_recogniser_is_read():
    content = {"text": "x", "segments": [{"id": 0, "start": 0, "end": 1.5, "text": " hi ", "avg_logprob": -0.2}]}
    assert read(json.dumps(content), "a.json").format == "json"
    assert lines(json.dumps(content), "a.json") == [(0.0, 1.5, "unknown", "hi")]


def test_json_as_a_plain_list_is_read():
    content = [{"text": "hi", "speaker": "client", "confidence": 0.5}, {"text": "yo", "start": None, "confidence": 7}]
    found = read(json.dumps(content), "a.txt").segments
    assert found == [Segment(0, None, None, "hi", "patient", 0.5), Segment(1, None, None, "yo", "unknown")]


@pytest.mark.parametrize("filename", ["a.txt", "a.vtt", "a.srt", "a", "a.docx"])
def test_the_content_decides_before_the_name(filename):
    assert read("WEBVTT\n\n00:01.000 --> 00:02.000\nhello", filename).format == "vtt"
    assert read("1\n00:00:01,000 --> 00:00:02,000\nhello", filename).format == "srt"
    assert read('[{"text": "hello"}]', filename).format == "json"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_usual_encodings_are_read(encoding):
    assert roles("Patient: café – naïve".encode(encoding)) == [("patient", "café – naïve")]  # noqa: RUF001  dash


def test_control_characters_are_dropped():
    assert roles("Pat\x01ient: I\x00 slept\x1b[0m well") == [("patient", "I slept[0m well")]


def test_times_become_monotonic_and_ends_follow_starts():
    content = json.dumps(
        [
            {"text": "c", "start": 9, "end": 2},
            {"text": "a", "start": -4, "end": 3},
            {"text": "b", "start": 5, "end": None},
        ]
    )
    assert lines(content) == [(0.0, 3.0, "unknown", "a"), (5.0, 5.0, "unknown", "b"), (9.0, 9.0, "unknown", "c")]
    assert [one.index for one in read(content).segments] == [0, 1, 2]


def test_times_stay_monotonic_where_some_are_missing():
    content = json.dumps([{"text": "a", "start": 5}, {"text": "b"}, {"text": "c", "start": 2}])
    assert [start for start, *_ in lines(content)] == [5.0, None, 5.0]


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        ("", "a.txt"),
        (" \r\n\t", "a.txt"),
        ("...", "a.txt"),
        ("WEBVTT\n", "a.vtt"),
        ("[]", "a.json"),
        ('{"segments": []}', "a.json"),
    ],
)
def test_a_transcript_without_words_is_refused(content, filename):
    with pytest.raises(Unprocessable) as refused:
        read(content, filename)
    assert (refused.value.code, refused.value.status) == ("empty_transcript", 422)


@pytest.mark.parametrize(
    ("content", "filename", "place"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000\nHi\n\nbroken\n", "a.srt", "line 5"),
        ("WEBVTT\n\nNOTE x\n\nhello\nthere\n", "a.vtt", "line 5"),
        ("WEBVTT\n\n00:aa --> 00:02.000\nhello", "a.vtt", "line 3"),
        ('{"segments":\n[}', "a.json", "line 2"),
        ('{"words": 1}', "a.json", "line 1"),
        ("[" * 100_000, "a.json", "line 1"),
        ("[" + "9" * 5000 + "]", "a.json", "line 1"),
        ('[{"text": "a"}, {"text": 1}]', "a.json", "entry 2"),
        ('[{"text": "a"}, 3]', "a.json", "entry 2"),
        ('[{"text": "a", "start": "soon"}]', "a.json", "entry 1"),
        ('[{"text": "a", "start": NaN}]', "a.json", "entry 1"),
        ('[{"text": "a", "end": 1e300}]', "a.json", "entry 1"),
        (b"PK\x03\x04" + bytes(range(256)), "a.docx", "line 1"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, "a.txt", "line 1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(content, filename, place):
    with pytest.raises(Unprocessable) as refused:
        read(content, filename)
    assert refused.value.code == "unreadable_transcript"
    assert place in refused.value.detail


def test_more_than_five_megabytes_are_refused():
    with pytest.raises(TooLarge):
        read(b"a" * (transcript_formats.MAX_BYTES + 1))


@pytest.mark.slow
def test_more_than_twenty_thousand_lines_are_refused():
    assert len(read("word\n" * 20_000).segments) == 20_000
    with pytest.raises(TooLarge):
        read("word\n" * 20_001)


def test_markup_in_the_words_survives():
    said = talk(("patient", "<v Therapist>I & you</v> --> &amp; {\\an8} <b>"), ("unknown", "Patient: he said"))
    for name in ("vtt", "srt", "json"):
        assert read(render_transcript(said, name), f"a.{name}").segments == said


def test_files_look_as_the_field_expects():
    said = [Segment(0, 62.5, 3661.25, "Hello & you", "patient"), Segment(1, None, None, "Yes", "unknown")]
    assert render_transcript(said, "txt") == "[00:01:02.500] Patient: Hello & you\nUnknown: Yes\n"
    assert render_transcript(said, "srt").startswith("1\n00:01:02,500 --> 01:01:01,250\nPatient: Hello & you\n\n2\n")
    assert render_transcript(said, "vtt").startswith(
        "WEBVTT\n\n00:01:02.500 --> 01:01:01.250\n<v Patient>Hello &amp; you\n\n"
    )
    assert json.loads(render_transcript(said, "json"))["segments"][1]["start"] is None


spoken = texts.map(printable).filter(fold)
moments = st.lists(st.tuples(st.integers(0, 3_600_000 * 5), st.integers(0, 60_000)), min_size=1, max_size=12).map(
    sorted
)


@st.composite
def timed(draw):
    return [
        Segment(at, start / 1000, (start + length) / 1000, draw(spoken), draw(st.sampled_from(SPEAKERS)))
        for at, (start, length) in enumerate(draw(moments))
    ]


@unhurried
@given(timed(), st.sampled_from(["vtt", "srt", "json"]))
def test_a_timed_transcript_comes_back_as_it_was(segments, name):
    parsed = read(render_transcript(segments, name), f"talk.{name}")
    assert (parsed.format, parsed.segments) == (name, segments)


@unhurried
@given(timed())
def test_a_text_file_brings_words_speakers_and_starts_back(segments):
    found = read(render_transcript(segments, "txt")).segments
    assert [(one.start, one.speaker, one.text) for one in found] == [(s.start, s.speaker, s.text) for s in segments]


@unhurried
@given(st.lists(st.tuples(st.sampled_from(SPEAKERS), spoken), min_size=1, max_size=8))
def test_a_transcript_without_times_comes_back_from_json(said):
    segments = [Segment(at, None, None, text, speaker, 0.25) for at, (speaker, text) in enumerate(said)]
    assert read(render_transcript(segments, "json"), "talk.json").segments == segments


@unhurried
@given(st.binary(max_size=300), st.sampled_from(["a.vtt", "a.srt", "a.txt", "a.json"]))
def test_any_bytes_are_read_or_refused_politely(data, filename):
    with suppress(Unprocessable):
        found = parse_transcript(data, filename).segments
        assert found
        assert all(one.text == printable(one.text) for one in found)
