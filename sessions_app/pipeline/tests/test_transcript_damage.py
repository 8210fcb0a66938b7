"""Whatever happens to a transcript, it is read or refused with a sentence, and no spoken word is lost."""

import json
import sys
from collections.abc import Iterable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.transcripts import parse_transcript
from therapybridge.core.errors import TooLarge, Unprocessable

SPOKEN = [
    "Good morning, how was the week?",
    "Hard. I hardly slept, and I kept worrying about my sister.",
    "What went through your mind at night?",
    "That she would not call back, that is all.",
    "And when she did call, what then?",
    "I felt lighter for an hour or so.",
]
LABELS = ["Therapist", "Patient"]
STARTS = ["00:00:01", "00:00:09", "00:01:07", "00:01:15", "00:59:58", "01:02:03"]
examples = settings(max_examples=60, deadline=None, derandomize=True)

ODD_CLOCKS = [
    "",
    "00:00",
    "99:99:99,999",
    "-1:00:00,000",
    "1:2,3",
    "00:00:01.5000",
    "\u0660\u0660:\u0660\u0661",
    "NaN",
    "1e9",
]


def words(text: str) -> list[str]:
    return fold(text).split()


def lost(spoken: Iterable[str], found: list[str], *, is_ordered: bool = True) -> list[str]:
    """The sentences that are not found, after the one before if they have to be in order."""
    text, missing, after = f" {' '.join(found)} ", [], 0
    for sentence in spoken:
        at = text.find(f" {' '.join(words(sentence))} ", after)
        if at < 0:
            missing.append(sentence)
        after = at + 1 if is_ordered and at >= 0 else after
    return missing


def heard(data: bytes, name: str) -> list[str] | None:
    """The words of all segments, labels included; None if the file was refused with a sentence."""
    try:
        parsed = parse_transcript(data, name)
    except (Unprocessable, TooLarge) as refused:
        detail = refused.detail
    else:
        return words(" ".join(f"{segment.label} {segment.text}" for segment in parsed.segments))
    assert detail.endswith(".")
    return None


def srt_cue(number: str, start: str, end: str, text: str) -> list[str]:
    return [number, f"{start} --> {end}", text, ""]


def sbv_cue(start: str, end: str, text: str) -> list[str]:
    return [f"{start},{end}", text, ""]


times = st.sampled_from([*(f"{start},500" for start in STARTS), *ODD_CLOCKS])
numbers = st.sampled_from(["1", "2", "7", "", "0", "9" * 4_000, "-3", "1a", "\u0661"])
decorated = st.sampled_from(
    ["{}", "<i>{}</i>", '<font color="#fff">{}</font>', "{{\\an8}}{}", "<b>{}", "{}</v>", "- {}", "{} &amp;", "♪ {}"]
)
ends = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n\n\n"])
stray = st.sampled_from([b"", b"\x00", b"\x1a", b"\x0c", "\u200b".encode(), "\ufeff".encode(), b"\x07\x08"])
marks = st.sampled_from([b"", b"\xef\xbb\xbf"])


@st.composite
def subtitles(draw: st.DrawFn, kind: str) -> bytes:
    """A file of cues with lost blank lines, mixed line ends, odd clocks and counters, tags and stray bytes."""
    data = draw(marks)
    for at, text in enumerate(SPOKEN):
        said = draw(decorated).format(f"{LABELS[at % 2]}: {text}")
        start, end = draw(st.one_of(st.just(f"{STARTS[at]},000"), times)), draw(times)
        number = draw(st.one_of(st.just(str(at + 1)), numbers))
        lines = srt_cue(number, start, end, said) if kind == "srt" else sbv_cue(start.replace(",", "."), end, said)
        if draw(st.booleans()):
            lines = [line for line in lines if line]  # the blank line, or an empty counter
        data += b"".join(line.encode() + draw(ends).encode() for line in lines) + draw(stray)
    return data


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["srt", "sbv"])
@given(data=st.data())
@examples
def test_no_word_of_damaged_subtitles_is_lost(kind: str, data: st.DataObject) -> None:
    file = data.draw(subtitles(kind))
    found = heard(file, f"talk.{kind}")
    assert found is not None
    assert not lost(SPOKEN, found, is_ordered=False), file


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["srt", "sbv"])
@given(data=st.data())
@examples
def test_a_cut_off_file_keeps_the_words_that_it_has(kind: str, data: st.DataObject) -> None:
    cues = [
        "\n".join(srt_cue(str(at + 1), f"{STARTS[at]},000", f"{STARTS[at]},900", text))
        if kind == "srt"
        else "\n".join(sbv_cue(f"{STARTS[at]}.000", f"{STARTS[at]}.900", text))
        for at, text in enumerate(SPOKEN)
    ]
    whole = "\n".join(cues).encode()
    end = data.draw(st.integers(len(cues[0]), len(whole)))
    found = heard(whole[:end], f"talk.{kind}")
    assert found is not None
    assert not lost([text for text in SPOKEN if text.encode() in whole[:end]], found), whole[:end]


tags = st.sampled_from(
    ["<v {0}>{1}", "<v.loud {0}>{1}</v>", "<c.yellow>{0}: {1}</c>", "{0}: <i>{1}</i>", "{0}: {1}</v>", "- {0}: {1}"]
)
settings_of_cue = st.sampled_from(["", " align:start position:0%", " line:-1", " region:fred", "\t"])
blocks = st.sampled_from(["", "NOTE made by a program", "STYLE\n::cue { color: lime }", "REGION\nid:fred width:40%"])
headers = st.sampled_from(["WEBVTT", "WEBVTT - Session 4", "webvtt", "WEBVTT\nKind: captions\nLanguage: en", ""])


@st.composite
def captions(draw: st.DrawFn) -> bytes:
    """WebVTT with voices, blocks that are no cues, odd clocks and names, lost blank lines and stray bytes."""
    header = draw(headers)
    data = draw(marks) + f"{header}\n\n".encode()
    for at, text in enumerate(SPOKEN):
        block = draw(blocks) if header else ""
        clock = draw(st.one_of(st.just(f"{STARTS[at]}.000"), times.map(lambda time: time.replace(",", "."))))
        arrow = draw(st.sampled_from([" --> ", "-->", " \u2192 ", " -> "]))
        timing = f"{clock}{arrow}{STARTS[at]}.900{draw(settings_of_cue)}"
        said = draw(tags).format(LABELS[at % 2], text)
        lines = [*([block, ""] if block else []), draw(st.sampled_from(["", "7", "intro-1"])), timing, said, ""]
        if draw(st.booleans()):
            lines = [line for line in lines if line or block]
        data += b"".join(line.encode() + draw(ends).encode() for line in lines) + draw(stray)
    return data


clocks = st.sampled_from(["", "[{}] ", "{} ", "({}) ", "{} - ", "[{}]\n", "\u200e[{}] "])
turns = st.sampled_from(
    ["{0}: {1}", "{0}:{1}", "**{0}:** {1}", "{0}\n{1}", "{0} {2}\n{1}", "- {0}: {1}", "{0}\uff1a{1}"]
)
stray_of_text = st.sampled_from([b"", b"\x0c", "\u200b".encode(), "\ufeff".encode()])  # others are refused as no text
# Not those that may be part of a name: "Patient 1: 2,3", "NaN Patient: ".
odd_clocks_of_text = st.sampled_from([clock for clock in ODD_CLOCKS if clock not in {"1:2,3", "NaN", "1e9"}])


@st.composite
def scripts(draw: st.DrawFn) -> bytes:
    """A text that was pasted: clocks and labels in one of many forms, the form changing now and then."""
    clock, turn = draw(clocks), draw(turns)
    data = draw(marks) + draw(st.sampled_from(["", "Session 4\n", "# Transcript\n\n", "---\n"])).encode()
    for at, text in enumerate(SPOKEN):
        if draw(st.integers(0, 4)) == 0:
            clock, turn = draw(clocks), draw(turns)
        time = draw(st.one_of(st.just(STARTS[at]), odd_clocks_of_text))
        line = clock.format(time) + turn.format(LABELS[at % 2], text, time)
        data += line.encode() + draw(ends).encode() + draw(stray_of_text)
    return data


WRITTEN = {"vtt": captions(), "txt": scripts()}


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(WRITTEN))
@given(data=st.data())
@examples
def test_no_word_of_damaged_captions_and_scripts_is_lost_and_nobody_is_made_a_speaker(
    kind: str, data: st.DataObject
) -> None:
    file = data.draw(WRITTEN[kind])
    parsed = parse_transcript(file, f"talk.{kind}")
    found = words(" ".join(f"{segment.label} {segment.text}" for segment in parsed.segments))
    assert not lost(SPOKEN, found, is_ordered=False), file
    assert {segment.label for segment in parsed.segments} <= {"", *LABELS}, file


HELLO = {
    "no-clock": ("a.txt", "[] Therapist: Hello there.\n[] Patient: Good day.\n"),
    "minus": ("a.txt", "Therapist 00:00:01\nHello there.\nPatient -1:00:00,000\nGood day.\n"),
    "small-header": (
        "a.vtt",
        (
            "webvtt\n\nSTYLE\n::cue { color: lime }\n\n00:01.000 --> 00:02.000\nTherapist: Hello there.\n\n"
            "00:03.000 --> 00:04.000\nPatient: Good day.\n"
        ),
    ),
    "no-start": (
        "a.vtt",
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Therapist>Hello there.\n\nNOTE by a program\n --> 00:04.000\n"
            "<v Patient>Good day.\n"
        ),
    ),
}


@pytest.mark.parametrize("kind", list(HELLO))
def test_nobody_is_made_a_speaker_by_a_clock_or_a_style_that_is_damaged(kind: str) -> None:
    name, text = HELLO[kind]
    found = [(one.label, one.text) for one in parse_transcript(text.encode(), name).segments]
    assert found == [("Therapist", "Hello there."), ("Patient", "Good day.")]


def _steps(file: bytes, name: str) -> int:
    """How many lines of code run to read a file."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        heard(file, name)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(WRITTEN))
@given(data=st.data())
@settings(max_examples=10, deadline=None, derandomize=True)
def test_a_file_of_captions_or_a_script_takes_time_in_proportion_to_its_length(kind: str, data: st.DataObject) -> None:
    file = data.draw(WRITTEN[kind])
    assert _steps(file * 80, f"talk.{kind}") < 12 * _steps(file * 10, f"talk.{kind}")


KEYS = {
    "segments": ("text", "speaker", "start", "end"),
    "results": ("transcript", "speaker", "start_time", "end_time"),
    "": ("text", "speaker", "start", "end"),
}
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**30),
    st.floats(),
    st.just("NaN"),
    st.just("9" * 400),
    st.just([]),
    st.just({}),
    st.just({"seconds": None}),
    st.sampled_from(ODD_CLOCKS),
)
alien = st.dictionaries(
    st.sampled_from(["meta", "id", "confidence", "tokens", "x", "no_speech_prob", "channel"]),
    st.recursive(odd, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("k"), inner), max_leaves=4),
    max_size=3,
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Entries with times that are missing, null or of a wrong type, and with keys that nobody knows."""
    under = draw(st.sampled_from(list(KEYS)))
    text_key, speaker_key, start_key, end_key = KEYS[under]
    entries: list[Any] = []
    for at, text in enumerate(SPOKEN):
        entry: dict[str, Any] = {text_key: text, **draw(alien)}
        entry |= draw(st.sampled_from([{}, {speaker_key: LABELS[at % 2]}, {speaker_key: at % 2}, {speaker_key: None}]))
        entry |= draw(
            st.one_of(st.just({start_key: at * 5.0, end_key: at * 5 + 4}), st.fixed_dictionaries({start_key: odd}))
        )
        entries.append(entry)
    document = {under: entries, **draw(alien)} if under else entries
    text = json.dumps(document, indent=draw(st.sampled_from([None, 1])))
    return draw(marks) + text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"]))).encode()


@pytest.mark.slow
@given(file=documents())
@examples
def test_no_word_of_an_odd_json_file_is_lost(file: bytes) -> None:
    found = heard(file, "talk.json")
    assert found is None or not lost(SPOKEN, found, is_ordered=False), file  # sorted by the times that there are


@pytest.mark.slow
@given(
    file=st.one_of(documents(), subtitles("srt"), subtitles("sbv")),
    name=st.sampled_from(["a.json", "a.srt", "a.sbv", "a.vtt", "a.txt", "a"]),
    at=st.integers(0, 10_000),
    length=st.integers(0, 40),
    instead=st.binary(max_size=12),
)
@examples
def test_any_bytes_are_read_or_refused_with_a_sentence(
    file: bytes, name: str, at: int, length: int, instead: bytes
) -> None:
    at %= len(file)
    heard(file[:at] + instead + file[at + length :], name)
