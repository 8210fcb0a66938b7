"""Text that is copied from meeting services: times in words or at the ends of lines, notices, pictures for names."""

import pytest

from sessions_app.pipeline.speakers.resolve import People, resolve
from sessions_app.pipeline.tests.transcripts import read, said, timed

TURNS = [(3, "Noa Frei", "How was it?"), (9, "Kim Alt", "Hard. Very."), (62, "Noa Frei", "Tell me.")]


def begun(content):
    return [(start, label, text) for start, _, label, text in timed(content)]


@pytest.mark.parametrize(
    "heading",
    [
        "{name}\n{minutes} seconds\n",
        "{minutes} seconds\n{name}\n",
        "{name}\n\n{minutes} seconds\n\n",
        "{name} {minutes} seconds\n",
        "{name}\n{minutes} seconds{clock}\n{name} {minutes} seconds\n",
        "{name}\n{german} Sekunden\n",
        "{name}\n{clock}\n",
        "{clock}\n{name}\n",
        "{name}\n{clock} ",
        "[{name}] 0:{clock} ",
        "{name} 0:{clock} ",
        "0:{clock} From {name} to Everyone:\n\t",
        "0:{clock} From {name}: ",
        "0:{clock}\t {name}:\t",
    ],
)
def test_a_heading_of_a_meeting_service_gives_voice_and_time(heading):
    minutes = ["0 minutes 3", "0 minutes 9", "1 minute 2"]
    content = "".join(
        heading.format(
            name=name,
            minutes=spoken,
            german=spoken.replace("minutes", "Minuten").replace("minute", "Minute"),
            clock=f"{start // 60:02}:{start % 60:02}",
        )
        + text.replace(". V", ".\nV")
        + "\n"
        for (start, name, text), spoken in zip(TURNS, minutes, strict=True)
    )
    assert begun(content) == TURNS


def test_a_long_paste_has_voices_however_rarely_each_speaks():
    names = ["Noa Frei", "Kim Alt", "Lin Gast", "Ada Weiss", "Ben Roth", "Eva Klein", "Tom Berg", "Mia Stern"]
    content = "\n".join(f"{name}\n0 minutes {at} seconds\nOne.\nTwo.\nThree." for at, name in enumerate(names))
    assert begun(content + "\nNoa Frei\n1 minute 0 seconds\nEnd.")[1] == (1, "Kim Alt", "One. Two. Three.")


@pytest.mark.parametrize(
    "content",
    [
        "Therapist: How long?\nPatient: I ran for\n3 minutes 20 seconds\nand then stopped.",
        "Therapist\nHow long?\nPatient\n5 seconds\nTherapist\nAnd then?\nPatient\n10 seconds",
        "Therapist: How long?\nPatient:\n5 seconds.\nTherapist: And now?\nPatient:\n10 seconds.",
    ],
)
def test_a_length_of_time_that_is_spoken_of_is_speech(content):
    assert {start for start, *_ in timed(content)} == {None}
    spoken = " ".join(text for *_, text in timed(content))
    assert "seconds" in spoken
    assert {label for label, _ in said(content)} == {"Therapist", "Patient"}


@pytest.mark.parametrize(
    "line",
    [
        "Good morning. 00:01:12\nDid you sleep? 00:01:15\nNo, not at all. 00:01:20",
        "Good morning. (1:12)\nDid you sleep? (1:15)\nNo, not at all. (1:20)",
        "Good morning. 1:12\nDid you sleep? 1:15\nNo, not at all. 1:20",
        "Good morning. [00:01:12]\nDid you sleep? [00:01:15]\nNo, not at all. [00:01:20]",
    ],
)
@pytest.mark.parametrize("labels", [("", ""), ("Therapist", "Patient")])
def test_a_clock_at_the_end_of_most_lines_is_their_time(line, labels):
    first, other = labels
    lines = [
        f"{label}: {text}" if label else text
        for label, text in zip((first, first, other), line.split("\n"), strict=True)
    ]
    assert begun("\n".join(lines)) == [
        (72, first, "Good morning."),
        (75, first, "Did you sleep?"),
        (80, other, "No, not at all."),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "Therapist: When?\nPatient: I got up at 10:30\nTherapist: And then?",
        "Therapist: When?\nPatient: Late. 10:30\nTherapist: And then?\nPatient: Later. 9:15",
        "Patient: He came at 00:10:00\nPatient: He left at 00:11:00",
    ],
)
def test_a_time_at_the_end_of_a_sentence_is_speech(content):
    assert {start for start, *_ in timed(content)} == {None}
    assert [f"{label}: {text}" for label, text in said(content)] == content.split("\n")


@pytest.mark.parametrize(
    "stamp", ["[00:00:{:02}] {}: ", "00:00:{:02} {}: ", "{1} 00:{0:02}\n", "00:00:{:02}\n{}: ", "9:{:02} AM {}: "]
)
@pytest.mark.parametrize(
    "spoken", ["10:30 I took the bus.", "10:30 I took the bus.\n11:15 I was home.", "10:30 sharp."]
)
def test_a_time_of_another_kind_than_the_files_clocks_is_speech(stamp, spoken):
    lines = [("Therapist", "And?"), ("Patient", f"Well.\n{spoken}"), ("Therapist", "I see."), ("Patient", "Yes.")]
    content = "\n".join(stamp.format(at * 4, label) + text for at, (label, text) in enumerate(lines))
    words = f"Well. {spoken}".replace("\n", " ")
    assert said(content) == [("Therapist", "And?"), ("Patient", words), ("Therapist", "I see."), ("Patient", "Yes.")]


def test_a_time_said_among_bare_clocks_with_hours_is_speech():
    content = "00:00:01 And?\n00:00:05 Then.\n10:30 I took the bus.\n00:00:09 I see.\n00:00:12 Yes."
    assert begun(content)[1:3] == [(5, "", "Then. 10:30 I took the bus."), (9, "", "I see.")]


def test_hours_that_begin_to_be_written_are_times():
    content = "59:50 And?\n59:58 Then.\n1:00:02 I left.\n1:00:09 I see."
    assert [start for start, *_ in timed(content)] == [3590, 3598, 3602, 3609]
    content = "58:50 And?\n59:50 Then?\n59:58 Then.\n1:00:02 I left."
    assert [start for start, *_ in timed(content)] == [3530, 3590, 3598, 3602]


@pytest.mark.parametrize(
    "notice",
    [
        "Noa Frei started transcription",
        "Noa Frei stopped transcription",
        "Kim Alt joined the meeting",
        "Kim Alt left the meeting",
        "Kim Alt has left the meeting.",
        "Recording started",
        "Recording stopped.",
        "Transcription has been started",
        "This meeting is being recorded",
        "Meeting ended after 00:50:12",
        "Kim Alt hat die Besprechung verlassen",
        "Noa Frei hat die Transkription gestartet",
        "Kim Alt se unió a la reunión",
        "Kim Alt a rejoint la réunion",
    ],
)
@pytest.mark.parametrize("mark", ["", "\n", "[00:08] "])
def test_what_a_service_notes_is_kept_and_nobodys(notice, mark):
    stamp = "[00:0{}] " if mark.startswith("[") else ""
    lines = [f"{stamp.format(at)}{line}" for at, line in ((1, "Therapist: So?"), (3, "Patient: Hard."))]
    found = said("\n".join([*lines, f"{mark}{notice}", f"{stamp.format(9)}Therapist: Tell me."]))
    assert found == [("Therapist", "So?"), ("Patient", "Hard."), ("", notice), ("Therapist", "Tell me.")]


def test_words_after_a_notice_are_said_by_who_spoke_before_it():
    assert said("Patient: Hard.\nKim Alt joined the meeting\nVery.")[2] == ("Patient", "Very.")


def test_a_notice_under_the_name_of_who_caused_it_is_nobodys():
    assert said("Noa Frei 0:03\nstarted transcription\nKim Alt 0:09\nHi.\nNoa Frei 0:12\nSo?")[0][0] == ""
    cues = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Noa>Noa started transcription</v>\n\n"
        "00:03.000 --> 00:04.000\n<v Kim>Hi.</v>"
    )
    assert said(cues, "a.vtt") == [("", "Noa started transcription"), ("Kim", "Hi.")]
    cue = "1\n00:00:01,000 --> 00:00:02,000\nPatient: Hi.\nRecording started\n"
    assert said(cue, "a.srt") == [("Patient", "Hi."), ("", "Recording started")]


@pytest.mark.parametrize(
    "line",
    ["My mother left the meeting", "He left the meeting", "The meeting ended.", "Everything started with the meeting"],
)
def test_what_people_tell_of_meetings_is_theirs(line):
    assert said(f"Therapist: And?\nPatient: {line}")[1] == ("Patient", line)
    assert said(f"Therapist: And?\nPatient: Well.\n{line}")[1] == ("Patient", f"Well. {line}")


@pytest.mark.parametrize("pair", ["👩🧑", "🙂🙃", ("👩‍⚕️", "🧑🏽")])
@pytest.mark.parametrize("form", ["{}: {}", "[00:01] {}: {}", "{} {}", "{}\n{}", "[{}] {}", "{} (00:01): {}"])
def test_a_picture_may_be_the_label_of_a_voice(pair, form):
    first, second = pair
    words = [(first, "How was it?"), (second, "Hard."), (first, "Tell me."), (second, "No.")]
    assert said("\n".join(form.format(*one) for one in words)) == words


def test_voices_with_pictures_are_told_apart():
    content = (
        "👩: How have you been since we met, and what has changed for you?\n🧑: I felt low.\n👩: Tell me.\n🧑: No."
    )
    segments = resolve(read(content).segments, People()).segments
    assert {one.label: one.speaker for one in segments if one.speaker != "unknown"} in (
        {},
        {"👩": "therapist", "🧑": "patient"},
    )
    assert len({(one.label, one.speaker) for one in segments}) == 2


def test_a_picture_in_a_sentence_is_speech():
    assert said("Therapist: And?\nPatient: Good 🙂: really.\n🙂 Well.")[1] == ("Patient", "Good 🙂: really. 🙂 Well.")
