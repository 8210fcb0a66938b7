# ruff: noqa: RUF001  other scripts
"""WebVTT: Zoom, Teams, YouTube, browsers' caption editors, and recognisers that are careless with it."""

import json

from sessions_app.pipeline.tests.corpora.wild.conversations import (
    BRACKETS,
    BRIDGE,
    HEBREW,
    LINKS,
    RULES,
    SAID,
    SLEEP,
    SLEEVES,
    TABLETS,
)
from sessions_app.pipeline.tests.corpora.wild.model import Conversation, fill, wild

LABELLED = """WEBVTT

00:00:01.000 --> 00:00:04.000
Priya Raman: {0}

00:00:05.000 --> 00:00:09.000
Lin Gast: {1}

00:00:10.000 --> 00:00:14.000
Priya Raman: {2}

00:00:15.000 --> 00:00:19.000
Lin Gast: {3}
"""
VOICED = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Priya Raman>{0}</v>

00:00:05.000 --> 00:00:09.000
<v Lin Gast>{1}</v>

00:00:10.000 --> 00:00:14.000
<v Priya Raman>{2}</v>

00:00:15.000 --> 00:00:19.000
<v Lin Gast>{3}</v>
"""
PAIR = ("Priya Raman", "Lin Gast")


def with_ids(text: str, ids: str) -> str:
    """Put an id with the cue's number above each cue."""
    header, *cues = text.split("\n\n")
    return "\n\n".join((header, *(f"{ids.format(n)}\n{cue}" for n, cue in enumerate(cues, 1))))


def rolling(talk: Conversation) -> str:
    """Automatic captions roll: a line is spoken word by word, stands still for a moment, and stays above the next."""
    cues, before = ["WEBVTT\nKind: captions\nLanguage: en"], " "
    for n, text in enumerate(talk.texts):
        second = 5 * n or 1
        first, *rest = text.split()
        timed = "".join(f"<00:00:{second:02}.{90 * i:03}><c> {word}</c>" for i, word in enumerate(rest, 1))
        end = f"00:00:{second + 4:02}"
        cues.append(f"00:00:{second:02}.000 --> {end}.000 align:start position:0%\n{before}\n{first}{timed}")
        cues.append(f"{end}.000 --> {end}.010 align:start position:0%\n{text}\n ")
        before = text
    return "\n\n".join(cues) + "\n"


def teams_metadata(talk: Conversation) -> str:
    """Cues whose text is a JSON object, as the transcript's metadata come from Microsoft Graph."""
    cues = ["WEBVTT"]
    for n, text in enumerate(talk.texts):
        second = 5 * n or 1
        said = {
            "startDateTime": f"2026-05-12T14:05:{second:02}.0000000Z",
            "endDateTime": f"2026-05-12T14:05:{second + 3:02}.0000000Z",
            "speakerName": PAIR[n % 2],
            "spokenText": text,
            "spokenLanguage": "en-us",
        }
        cues.append(f"00:00:{second:02}.000 --> 00:00:{second + 3:02}.000\n{json.dumps(said)}")
    return "\n\n".join(cues)


VTT = [
    wild(
        "vtt-of-zoom",
        "audio_transcript.vtt",
        with_ids(fill(LABELLED, SLEEP), "{}").replace("\n", "\r\n"),
        SLEEP,
        PAIR,
        why="Zoom numbers the cues, writes CRLF and puts the name before a colon.",
    ),
    wild(
        "vtt-of-teams",
        "meeting.vtt",
        with_ids(fill(VOICED, BRIDGE), "3f1c2b9a-51d8-4e07-9a44-0c6d2e8b7f10/{}-0")
        .replace("bridge. I", "bridge.\nI")
        .replace("asked me", "asked\nme"),
        BRIDGE,
        PAIR,
        why="Teams names cues by GUID and breaks lines inside a voice tag.",
    ),
    wild(
        "vtt-teams-metadata",
        "metadata.vtt",
        teams_metadata(TABLETS),
        TABLETS,
        PAIR,
        why="The cue's text is a JSON object with the speaker's name and the spoken text.",
        debatable="It is a format for programs; but a cue of braces shown as speech would be wrong.",
    ),
    wild(
        "vtt-voices-with-classes",
        "classes.vtt",
        fill(VOICED, SLEEVES)
        .replace("<v Priya Raman>", "<v.first.loud Dr. O'Neill>")
        .replace("<v Lin Gast>", "<v.second\tMar\u00eda Jos\u00e9>"),
        SLEEVES,
        ("Dr. O'Neill", "Mar\u00eda Jos\u00e9"),
        why="Classes stand between the v and the name, and a tab may separate them.",
    ),
    wild(
        "vtt-voices-unclosed",
        "unclosed.vtt",
        fill(
            """WEBVTT

00:01.000 --> 00:09.000
<v Therapist>{0}
<v Patient>{1}

00:10.000 --> 00:19.000
<v Therapist>{2} <v Patient>{3}
""",
            SLEEP,
        ),
        SLEEP,
        starts=(1, None, 10, None),
        why="A voice ends where the next begins, also in the middle of a line.",
    ),
    wild(
        "vtt-notes-styles-regions",
        "decorated.vtt",
        "\ufeff"
        + fill(
            """WEBVTT - Session of 12 May
Kind: captions
Language: en

NOTE Therapist: this is not speech

NOTE
Patient: nor is this,
over two lines

STYLE
::cue(v[voice="Patient"]) {{ color: lime }}

REGION
id:left
width:40%

opening
00:01.000 --> 00:04.000 region:left align:left size:40%
Therapist: {0}

NOTE between two cues

00:05.000\t-->\t00:09.000 position:10%,line-left line:-1
Patient: {1}

00:10.000 --> 00:14.000 vertical:rl
Therapist: {2}

last answer
00:15.000 --> 00:19.000
Patient: {3}
""",
            TABLETS,
        ),
        TABLETS,
        why="A byte order mark, headers, notes, styles, regions, names of cues and settings are not speech.",
    ),
    wild(
        "vtt-of-youtube",
        "auto.en.vtt",
        fill(
            """WEBVTT
Kind: captions
Language: en

00:00:01.000 --> 00:00:04.000 align:start position:0%
{0}

00:00:05.000 --> 00:00:09.000 align:start position:0%
{1}

00:00:10.000 --> 00:00:14.000 align:start position:0%
{2}

00:00:15.000 --> 00:00:19.000 align:start position:0%
{3}
""",
            BRIDGE,
        )
        .replace(" go on", "<00:00:01.800><c> go</c><00:00:02.100><c> on</c>")
        .replace(" end my", "<00:00:07.800><c.colorE5E5E5> end</c><00:00:08.040><c> my</c>"),
        BRIDGE,
        (None, None),
        why="Each word has its own time tag; words must not be glued together or lost.",
    ),
    wild(
        "vtt-of-youtube-rolling",
        "auto.en.vtt",
        rolling(SLEEP),
        SLEEP,
        (None, None),
        by_turn=True,
        why="Automatic captions write each line three times; it was said once.",
        debatable="A person may repeat a sentence; but not without a pause, in 10 ms, and every time.",
    ),
    wild(
        "vtt-six-decimals",
        "engine.vtt",
        fill(LABELLED.replace(".000", ".000000").replace("00:05.000000", "00:05.123456"), TABLETS),
        TABLETS,
        PAIR,
        starts=(1, 5.123, 10, 15),
        why="Microseconds instead of milliseconds.",
    ),
    wild(
        "vtt-comma-and-tight-arrow",
        "commas.vtt",
        fill(LABELLED.replace(".000 --> ", ",000-->"), SLEEVES),
        SLEEVES,
        PAIR,
        why="An SRT renamed and given the header: commas, and no space around the arrow.",
    ),
    wild(
        "vtt-blank-lines-everywhere",
        "blank.vtt",
        fill(LABELLED.replace("00\nLin Gast: {1}", "00\n\nLin Gast: {1}"), SLEEP).replace("was. My", "was.\n\nMy"),
        SLEEP,
        PAIR,
        why="An empty line between times and words, and one before the last words of the file.",
    ),
    wild(
        "vtt-without-header",
        "headless.vtt",
        fill(LABELLED.removeprefix("WEBVTT\n\n"), BRIDGE),
        BRIDGE,
        PAIR,
        why="The first line was lost when the file was cut.",
    ),
    wild(
        "vtt-tight",
        "tight.vtt",
        fill(LABELLED.replace("\n\n", "\n"), TABLETS),
        TABLETS,
        PAIR,
        why="No empty line anywhere, not even after the header.",
    ),
    wild(
        "vtt-entities-and-marks",
        "entities.vtt",
        fill(VOICED, BRACKETS)
        .replace("<3", "&lt;3")
        .replace("<laughs>", "&lt;laughs&gt;")
        .replace("< zero", "&lt; zero")
        .replace("> 9", "&gt; 9")
        .replace("B on", "B&nbsp;on")
        .replace("R&B", "&lrm;R&amp;B"),
        BRACKETS,
        PAIR,
        why="What WebVTT escapes is decoded once; directional marks go.",
    ),
    wild(
        "vtt-brackets-that-are-words",
        "laughs.vtt",
        fill(LABELLED, BRACKETS),
        BRACKETS,
        PAIR,
        why="<3 hours and <laughs> are what somebody typed for words.",
        debatable="By the standard, <laughs> is an unknown tag and goes; a lost word is worse than a bracket too many.",
    ),
    wild(
        "vtt-languages-and-ruby",
        "lang.vtt",
        fill(VOICED, SLEEP)
        .replace("barely", "<lang en-GB>barely</lang>")
        .replace("Tuesday", "<c.day><i>Tuesday</c></i>")
        .replace("sister", "<ruby>sister<rt></rt></ruby>"),
        SLEEP,
        PAIR,
        why="All tags of the standard, nested and crossed.",
    ),
    wild(
        "vtt-overlapping",
        "overlap.vtt",
        fill(LABELLED.replace("05.000 --> 00:00:09", "03.200 --> 00:00:12"), SLEEVES),
        SLEEVES,
        PAIR,
        starts=(1, 3.2, 10, 15),
        why="The patient begins before the therapist has ended; both keep their times.",
    ),
    wild(
        "vtt-numbered-speakers",
        "speakers.vtt",
        fill(LABELLED.replace("Priya Raman", "SPEAKER_00").replace("Lin Gast", "SPEAKER_01"), RULES),
        RULES,
        ("SPEAKER_00", "SPEAKER_01"),
        why="Labels of a diarisation, before speech with colons of its own.",
    ),
    wild(
        "vtt-unknown-speaker",
        "unknown.vtt",
        fill(VOICED.replace("Priya Raman", "Unknown").replace("Lin Gast", "Speaker 2"), LINKS),
        LINKS,
        ("Unknown", "Speaker 2"),
        why="Unknown is a voice's label like any other.",
    ),
    wild(
        "vtt-hebrew-with-marks",
        "hebrew.vtt",
        fill(
            LABELLED.replace("Priya Raman:", "\u200fמטפלת\u200f:").replace("Lin Gast:", "\u202bמטופל\u202c:"),
            HEBREW,
        ),
        HEBREW,
        ("מטפלת", "מטופל"),
        why="Marks of direction around a label are no part of it.",
    ),
    wild(
        "vtt-separators-inside",
        "separators.vtt",
        fill(LABELLED, SLEEP)
        .replace("myself.", "my\u00adself.")
        .replace("Lin Gast: I", "Lin\u00a0Gast:\u2009\u200bI")
        .replace("was. My", "was.\u2028My"),
        SLEEP,
        PAIR,
        why="A line separator, a soft hyphen, a no-break space in a name, thin and zero-width spaces.",
        debatable="Lin Gast with a no-break space could be a third voice; nobody sees a difference, so it is not.",
    ),
    wild(
        "vtt-speech-before-a-colon",
        "said.vtt",
        fill(LABELLED.replace("Priya Raman: ", "").replace("Lin Gast: ", ""), SAID),
        SAID,
        (None, None),
        why="Without labels, I said and One thing stay words.",
    ),
]
