import pytest

from sessions_app.pipeline.tests.transcripts import read, said, timed

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


def cue(text, times="00:00:01,000 --> 00:00:02,000"):
    return f"1\n{times}\n{text}\n"


def test_vtt_is_read_with_voices_settings_and_short_times():
    assert read(VTT, "a.vtt").format == "vtt"
    assert timed(VTT, "a.vtt") == [
        (1.0, 2.5, "Dr Smith", "Hello you & me"),
        (3600.0, 3601.25, "Patient", "I said more"),
        (3600.0, 3601.25, "Therapist", "Go on"),
    ]


def test_vtt_without_a_blank_line_after_the_header_is_read():
    assert timed("WEBVTT\n00:01.000 --> 00:02.000\nPatient: hello", "a.vtt") == [(1.0, 2.0, "Patient", "hello")]


def test_srt_is_read_with_labels_and_markup():
    content = (
        "1\n00:00:01,000 --> 00:00:02,000\n<i>Client:</i> Hi\nthere\n\n2\n00:00:03,5 --> 00:00:04,000\n{\\an8}Yes\n"
    )
    assert timed(content.replace("\n", "\r\n"), "a.srt") == [(1.0, 2.0, "Client", "Hi there"), (3.5, 4.0, "", "Yes")]


def test_sbv_is_read():
    content = "0:00:01.000,0:00:02.500\nClient: Hi\n\n0:00:03.000,0:00:04.000\nTherapist: Yes\n"
    assert read(content, "a.sbv").format == read(content, "a").format == "sbv"
    assert timed(content, "a.sbv") == [(1.0, 2.5, "Client", "Hi"), (3.0, 4.0, "Therapist", "Yes")]


@pytest.mark.parametrize(
    "times",
    [
        "00:00:01,000-->00:00:02,000",
        "0:1.0 --> 0:2.0",
        "00:00:01.000000 --> 00:00:02.000000",
        "00:00:01, 000 -> 00:00:02, 000",
        "  00:00:01:00 ==> 00:00:02:00  ",
        "00:00:01;000 → 00:00:02;000",
        "00:00:01 --> 00:00:02 X1:40 X2:600 Y1:20 Y2:50",
    ],
)
def test_times_that_players_accept_are_read(times):
    assert timed(cue("Patient: Hard.", times), "a.srt") == [(1.0, 2.0, "Patient", "Hard.")]


def test_words_on_the_line_of_the_times_are_kept():
    assert timed("00:01.000 --> 00:02.000 Patient: Hard.\n", "a.srt") == [(1.0, 2.0, "Patient", "Hard.")]


def test_cues_without_a_blank_line_between_them_are_apart():
    content = "7\n00:00:01,000 --> 00:00:02,000\nTherapist: Where?\n8\n00:00:03,000 --> 00:00:04,000\nPatient:\n8\n"
    assert said(content, "a.srt") == [("Therapist", "Where?"), ("Patient", "8")]


def test_numbers_are_words_in_a_file_without_cue_numbers():
    content = "00:00:01,000 --> 00:00:02,000\nHow many?\n12\n00:00:03,000 --> 00:00:04,000\nTwelve.\n"
    assert said(content, "a.srt") == [("", "How many? 12"), ("", "Twelve.")]


@pytest.mark.parametrize("header", ["", "WEBVTT\n\n"])
def test_text_after_a_blank_line_belongs_to_the_cue_before_it(header):
    content = (
        header + cue("\nPatient: I stay in.\n\nAll day.") + "\n2\n00:00:03.000 --> 00:00:04.000\nTherapist: And then?"
    )
    assert said(content, "a.vtt") == [("Patient", "I stay in. All day."), ("Therapist", "And then?")]


def test_a_sentence_before_times_is_no_identifier():
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\nPatient: I left.\n\nI left it all.\n00:03.000 --> 00:04.000\nYes.\n"
    assert said(content) == [("Patient", "I left. I left it all."), ("", "Yes.")]


def test_a_name_in_an_identifier_is_the_label():
    content = (
        'WEBVTT\n\n1 "Noa Frei" (77)\n00:01.000 --> 00:02.000\nYes.\n\n2 "Kim Alt" (78)\n00:03.000 --> 00:04.000\nNo.'
    )
    assert said(content) == [("Noa Frei", "Yes."), ("Kim Alt", "No.")]


def test_a_cue_with_two_labels_is_two_segments():
    assert said(cue("Therapist: Ready?\nPatient: Not yet.\nSoon."), "a.srt") == [
        ("Therapist", "Ready?"),
        ("Patient", "Not yet. Soon."),
    ]


def test_words_after_a_closed_voice_are_nobodys():
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Kim>Wait.</v> (door)\n"
    assert said(content) == [("Kim", "Wait."), ("", "(door)")]


def test_a_broken_time_starts_a_segment_and_is_told():
    parsed = read(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\n00:aa --> 00:04.000\nTwo.\n\n00:05.000 --> 00:06.000\nThree."
    )
    assert [(one.start, one.text) for one in parsed.segments] == [(1.0, "One."), (2.0, "Two."), (5.0, "Three.")]
    assert parsed.warnings == ["1 time could not be read and was estimated."]


def test_an_empty_cue_is_skipped_and_counted():
    parsed = read("WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:03.000 --> 00:04.000\nYes.")
    assert [one.text for one in parsed.segments] == ["Yes."]
    assert parsed.warnings == ["1 entry without text was skipped."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("less <than four and more> than <5", "less <than four and more> than <5"),
        ("I <b>really</b> <font color='red'>did</font>", "I really did"),
        ("<c.yellow>so</c> <00:00:01.500>what<br/>now", "so what now"),
        ("a < b & c &amp; d &copy e", "a < b & c & d &copy e"),
        ("{\\an8}{\\i1}up {not a tag}", "up {not a tag}"),
        ("<i think so>", "<i think so>"),
    ],
)
def test_only_real_tags_go(text, words):
    assert said(cue(text), "a.srt") == [("", words)]


def test_a_file_that_only_claims_to_have_cues_loses_nothing():
    assert said("WEBVTT\n\nPatient: hello\nthere\n", "a.vtt") == [("Patient", "hello there")]


@pytest.mark.parametrize("filename", ["a.txt", "a.vtt", "a.srt", "a", "a.docx"])
def test_the_content_decides_before_the_name(filename):
    assert read("WEBVTT\n\n00:01.000 --> 00:02.000\nhello", filename).format == "vtt"
    assert read("1\n00:00:01,000 --> 00:00:02,000\nhello", filename).format == "srt"
    assert read('[{"text": "hello"}]', filename).format == "json"


def test_dashes_in_a_cue_begin_the_voices():
    assert said(cue("- How was it?\n- Hard.\nVery."), "a.srt") == [("", "How was it?"), ("", "Hard. Very.")]


def test_captions_that_scroll_are_read_once():
    shown = ["", "One.", "Two.", "Three.", "Four."]
    cues = [f"00:0{at}.000 --> 00:0{at}.900\n{shown[at - 1]}\n{shown[at]}\n" for at in range(1, 5)]
    assert [text for _, text in said("WEBVTT\n\n" + "\n".join(cues))] == shown[1:]


def test_a_cue_of_json_says_its_words():
    content = 'WEBVTT\n\n00:01.000 --> 00:02.000\n{"speakerName": "Kim Alt", "spokenText": "Not today."}\n'
    assert said(content) == [("Kim Alt", "Not today.")]


def test_a_cue_of_json_that_is_nested_too_deeply_is_words():
    assert said("WEBVTT\n\n00:01.000 --> 00:02.000\n" + '{"a":' * 100_000)


def test_numbers_apart_from_their_times_are_no_words():
    content = "1\n\n00:00:01,000 --> 00:00:02,000\n\nSo?\n\n2\n\n00:00:03,000 --> 00:00:04,000\n\nYes.\n"
    assert said(content, "a.srt") == [("", "So?"), ("", "Yes.")]


def test_a_cue_of_one_word_is_speech():
    content = "1\n00:00:01,000 --> 00:00:02,000\nPatient\n\n2\n00:00:03,000 --> 00:00:04,000\nPatient\n"
    assert said(content, "a.srt") == [("", "Patient"), ("", "Patient")]


@pytest.mark.parametrize(
    "times", ["00.00.01.000 --> 00.00.02.000", "00.00.01,000 --> 00.00.02,000", "00.01.000 --> 00.02.000"]
)
def test_times_with_dots_for_colons_are_read(times):
    assert timed(cue("Patient: Hard.", times), "a.srt") == [(1.0, 2.0, "Patient", "Hard.")]


def test_dates_before_an_arrow_are_no_times():
    assert said("Patient: From\n12.11.25 -> 13.11.25\nI slept.") == [("Patient", "From 12.11.25 -> 13.11.25 I slept.")]


def numbered(*cues):
    return "\n\n".join("\n".join(lines) for lines in cues)


def test_numbers_count_cues_also_when_the_first_is_lost():
    content = numbered(
        ("00:00:01,000 --> 00:00:02,000", "Therapist: Where?"),
        ("2", "00:00:03,000 --> 00:00:04,000", "Patient: Here."),
        ("3", "00:00:05,000 --> 00:00:06,000", "Therapist: Ok."),
    )
    assert [text for _, text in said(content, "a.srt")] == ["Where?", "Here.", "Ok."]
    assert [text for _, text in said(content.replace("\n\n", "\n"), "a.srt")] == ["Where?", "Here.", "Ok."]


def test_numbers_count_cues_whose_times_are_lost():
    content = numbered(
        ("1", "00:00:01,000 --> 00:00:02,000", "Therapist: Where?"),
        ("2", "", "Patient: Here."),
        ("3", "00:00:05,000", "Therapist: Sure?"),
        ("4", "00:00:07,000 --> 00:00:08,000", "Patient: 12"),
        ("5", ""),
    )
    assert timed(content, "a.srt") == [
        (1.0, 2.0, "Therapist", "Where?"),
        (2.0, 2.0, "Patient", "Here."),
        (5.0, 5.0, "Therapist", "Sure?"),
        (7.0, 8.0, "Patient", "12"),
    ]


def test_numbers_that_count_nothing_are_said():
    content = numbered(
        ("1", "00:00:01,000 --> 00:00:02,000", "How many?", "", "12", "", "Or so."),
        ("2", "00:00:03,000 --> 00:00:04,000", "Twelve.", "", "7"),
    )
    assert [text for _, text in said(content, "a.srt")] == ["How many? 12 Or so.", "Twelve. 7"]
