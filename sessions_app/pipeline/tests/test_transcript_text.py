import pytest

from sessions_app.pipeline.tests.transcripts import read, said, timed
from therapybridge.core.errors import Unprocessable

BOTH = [("Therapist", "How was it?"), ("Patient", "Hard.")]


def test_text_is_read_with_times_and_labels():
    content = "[00:01:02] Patient: I slept.\nBadly.\n(1:10) T: I see.\n\n[01:00:00.500] Client 2: Yes"
    assert timed(content) == [
        (62.0, 70.0, "Patient", "I slept. Badly."),
        (70.0, 3600.5, "T", "I see."),
        (3600.5, 3600.5, "Client 2", "Yes"),
    ]


def test_prose_is_read_by_paragraph():
    content = "The first\nparagraph.\n\nThe second: with a colon.\n"
    assert timed(content) == [(None, None, "", "The first paragraph."), (None, None, "", "The second: with a colon.")]


def test_prose_without_blank_lines_is_read_by_line():
    assert [text for _, text in said("one line\nanother line")] == ["one line", "another line"]


def test_a_further_paragraph_is_said_by_the_same_voice():
    assert said("Patient: First.\n\nSecond.\n") == [("Patient", "First."), ("Patient", "Second.")]


@pytest.mark.parametrize(
    "line",
    [
        "Therapist: How was it?\nPatient: Hard.",
        "Therapist： How was it?\nPatient：Hard.",  # noqa: RUF001  fullwidth colon
        "**Therapist:** How was it?\n**Patient**: Hard.",
        "[Therapist] How was it?\n[Patient]: Hard.",
        "Therapist:\nHow was it?\nPatient:\nHard.",
        "Therapist\nHow was it?\n\nPatient\nHard.",
        "Therapist - How was it?\nPatient - Hard.",
        "Therapist\tHow was it?\nPatient\tHard.",
        ">> Therapist: How was it?\n>> Patient: Hard.",
        "- **Therapist:** How was it?\n- **Patient:** Hard.",
        "1. Therapist: How was it?\n2. Patient: Hard.",
        "Therapist: How was it? Patient: Hard.",
        "Therapist: How was it?\u2028Patient: Hard.",
        "Therapist: How was it?\r\r\nPatient: Hard.",
        "\ufeffThera\u200bpist: How was it?\n\u200e\ufeffPatient\u00a0: Hard.",
    ],
)
def test_a_label_is_found_however_it_is_written(line):
    assert said(line) == BOTH


@pytest.mark.parametrize(
    "line",
    [
        "[00:00:01] Therapist: How was it?\n[00:00:05] Patient: Hard.",
        "00:00:01 Therapist: How was it?\n00:00:05 Patient: Hard.",
        "00:01 - Therapist: How was it?\n00:05 - Patient: Hard.",
        "Therapist (00:01): How was it?\nPatient (00:05): Hard.",
        "Therapist [0:00:01] How was it?\nPatient [0:00:05] Hard.",
        "Therapist, 00:01: How was it?\nPatient, 00:05: Hard.",
        "Therapist: [00:01] How was it?\nPatient: [00:05] Hard.",
        "Therapist  0:01\nHow was it?\n\nPatient  0:05\nHard.",
        "00:00:01.000 --> 00:00:05.000\nTherapist\nHow was it?\n00:00:05.000 --> 00:00:05.000\nPatient\nHard.",
        "[00:01]\nTherapist: How was it?\n[00:05]\nPatient: Hard.",
        "[00:00:01 - 00:00:05] Therapist: How was it?\n[00:00:05 - 00:00:05] Patient: Hard.",
        "**Therapist (00:01)**\nHow was it?\n**Patient (00:05)**\nHard.",
        "[00:01] Therapist: How was it? [00:05] Patient: Hard.",
    ],
)
def test_a_clock_may_stand_anywhere_beside_the_label(line):
    assert timed(line) == [(1.0, 5.0, "Therapist", "How was it?"), (5.0, 5.0, "Patient", "Hard.")]


def test_minutes_may_exceed_an_hour():
    assert [start for start, *_ in timed("[99:50] T: So.\n[100:05] P: Yes.")] == [5990.0, 6005.0]


@pytest.mark.parametrize(
    "clocks",
    [("[2:05 PM]", "[2:06 PM]"), ("20/11/2026, 23:59:30 -", "21/11/2026, 00:00:30 -"), ("11:59:30 pm", "12:00:30 am")],
)
def test_times_of_day_count_from_the_first(clocks):
    assert [start for start, *_ in timed(f"{clocks[0]} T: So.\n{clocks[1]} P: Yes.")] == [0.0, 60.0]


def test_bare_clocks_count_where_many_lines_have_them():
    assert timed("0:01 Hello.\n0:05 Hi there.") == [(1.0, 5.0, "", "Hello."), (5.0, 5.0, "", "Hi there.")]


def test_a_time_that_goes_back_is_mended_and_told():
    parsed = read("[00:10] T: So.\n[00:02] P: Yes.")
    assert [one.start for one in parsed.segments] == [10.0, 10.0]
    assert parsed.warnings == ["1 time could not be read and was estimated."]


def test_a_label_without_words_is_counted():
    assert read("Therapist:\nPatient: Yes.").warnings == ["1 entry without text was skipped."]


def test_a_heading_or_a_dash_begins_a_turn():
    assert said("### Noa\nHow was it?\n\n### Kim\nHard.\n\n### Noa\nTell me.\n\n### Kim\nNo.")[:2] == [
        ("Noa", "How was it?"),
        ("Kim", "Hard."),
    ]
    assert said("– How was it?\n– Hard.\nVery.") == [("", "How was it?"), ("", "Hard. Very.")]  # noqa: RUF001


def test_a_clock_inside_a_sentence_is_speech():
    content = "Therapist: And?\nPatient: I stopped at [00:45:00] and left.\nWe saw it until\n[00:46:00] and went home."
    assert said(content)[1:] == [
        ("Patient", "I stopped at [00:45:00] and left. We saw it until [00:46:00] and went home.")
    ]


def test_a_file_without_words_beside_its_labels_is_empty():
    for content in ("Therapist:\nPatient:\n", "[00:01]\n[00:05]\n"):
        with pytest.raises(Unprocessable, match="no words"):
            read(content)


def test_a_clock_of_the_day_counts_from_the_first():
    assert timed("[Noa Frei] 14:05:01\nSo?\n\n[Kim Alt] 14:05:05\nYes.") == [
        (0.0, 4.0, "Noa Frei", "So?"),
        (4.0, 4.0, "Kim Alt", "Yes."),
    ]


def test_what_the_service_adds_at_the_end_is_nobodys():
    assert said("Patient: Yes.\n\nTranscribed by https://example.org")[1][0] == ""


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_a_table_with_headings_is_read(mark):
    rows = [
        ("start", "end", "speaker", "text"),
        ("1000", "2500", "Kim", "Not today."),
        ("5000", "6000", "Noa", "Why not?"),
    ]
    assert timed("\n".join(mark.join(row) for row in rows)) == [
        (1.0, 2.5, "Kim", "Not today."),
        (5.0, 6.0, "Noa", "Why not?"),
    ]


def test_a_label_alone_is_speech_if_no_words_follow():
    assert said("Therapist\nSay it.\nPatient\nNo.\nTherapist")[-1] == ("", "Therapist")


@pytest.mark.parametrize(
    "between",
    [" | ", " - ", ": ", " ", "\t", " | Therapist: ", " Therapist: "],
    ids=lambda mark: mark.strip() or "blank",
)
@pytest.mark.parametrize(
    "clocks", [("00.15", "01.09", "12.40"), ("0.15", "1.09", "12.40"), ("00.00.15", "00.01.09", "00.12.40")]
)
def test_a_clock_with_dots_is_one_where_the_lines_show_it(clocks, between):
    words = ("How was it?", "It was 3.15 when she called.", "I see.")
    content = "\n".join(f"{clock}{between}{said}" for clock, said in zip(clocks, words, strict=True))
    label = "Therapist" if "Therapist" in between else ""
    assert timed(content) == [
        (15, 69, label, words[0]),
        (69, 760, label, words[1]),
        (760, 760, label, words[2]),
    ]


def test_a_range_of_clocks_with_dots_has_an_end():
    content = "[00.15 - 00.20] How was it?\n[00.30 - 00.32] Hard.\n[01.00 - 01.01] I see."
    assert [(start, end) for start, end, *_ in timed(content)] == [(15, 20), (30, 32), (60, 61)]


@pytest.mark.parametrize(
    "content",
    [
        "3.15 is when she called",
        "Patient: Then.\n3.15 is when she called.\n4.20 is when I ate.\n5.30 is when I woke.\nTherapist: I.\nAnd?\nSo?",
        "1.01 The aim\n1.02 The plan\n1.03 The end\n2.01 The rest",
        "9.40 euros\n2.10 euros\n5.50 euros\n1.15 euros",
        "12.11.25 We met.\n12.11.25 We spoke.\n12.11.25 We ended.",
        "1.75 is tall\n1.80 is taller\n1.92 is tallest",
    ],
)
def test_numbers_with_dots_are_speech_elsewhere(content):
    assert {start for start, *_ in timed(content)} == {None}
    assert (
        " ".join(text for *_, text in timed(content)).split()
        == content.replace("Patient:", "").replace("Therapist:", "").split()
    )


def test_an_hour_that_is_spoken_among_clocks_with_dots_is_kept():
    content = "00.15 - Therapist: When?\n3.15 is when she called.\n00.30 - Patient: Then.\n01.00 - Therapist: I see."
    assert timed(content)[0] == (15, 30, "Therapist", "When? 3.15 is when she called.")
