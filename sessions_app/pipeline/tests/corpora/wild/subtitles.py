"""SRT: how cues are written by subtitle editors and captioning services, and mended by people."""

from sessions_app.pipeline.tests.corpora.wild.conversations import (
    BRACKETS,
    BRIDGE,
    SCALE,
    SLEEP,
    SLEEVES,
    TABLETS,
)
from sessions_app.pipeline.tests.corpora.wild.model import fill, wild

NUMBERED = """1
00:00:01,000 --> 00:00:04,000
Therapist: {0}

2
00:00:05,000 --> 00:00:09,000
Patient: {1}

3
00:00:10,000 --> 00:00:14,000
Therapist: {2}

4
00:00:15,000 --> 00:00:19,000
Patient: {3}
"""
UNLABELLED = NUMBERED.replace("Therapist: ", "").replace("Patient: ", "")

CUES = [
    wild(
        "srt-tight-with-numbers",
        "session.srt",
        fill(NUMBERED.replace("\n\n", "\n"), TABLETS),
        TABLETS,
        why="A text editor removed the empty lines; the numbers of the next cue are not speech.",
    ),
    wild(
        "srt-tight-without-numbers",
        "session.srt",
        fill(
            """00:00:01,000 --> 00:00:04,000
Therapist: {0}
00:00:05,000 --> 00:00:09,000
Patient: {1}
00:00:10,000 --> 00:00:14,000
Therapist: {2}
00:00:15,000 --> 00:00:19,000
Patient: {3}""",
            SLEEVES,
        ),
        SLEEVES,
        why="Neither numbers nor empty lines; only the time line starts a cue.",
    ),
    wild(
        "srt-empty-lines-in-pairs",
        "session.srt",
        fill(NUMBERED.replace("\n", "\n\n"), SLEEP),
        SLEEP,
        why="Every line break was doubled when the file was pasted; cue and words are now apart.",
    ),
    wild(
        "srt-answer-is-a-number",
        "scale.srt",
        fill(UNLABELLED, SCALE),
        SCALE,
        (None, None),
        why="A cue that consists of a number is an answer, not the number of a cue.",
    ),
    wild(
        "srt-hours-past-99",
        "camera.srt",
        fill(
            """1
100:00:01,000 --> 100:00:04,000
Therapist: {0}

2
100:00:05,000 --> 100:00:09,000
Patient: {1}

3
100:59:10,000 --> 100:59:14,000
Therapist: {2}

4
101:00:15,000 --> 101:00:19,000
Patient: {3}
""",
            BRIDGE,
        ),
        BRIDGE,
        starts=(360001, 360005, 363550, 363615),
        why="A recorder's clock that is never reset has three digits for hours.",
    ),
    wild(
        "srt-every-decimal-mark",
        "mixed.srt",
        fill(
            """1
00:00:01.500 --> 00:00:04.000
Therapist: {0}

2
00:00:05;250 --> 00:00:09;000
Patient: {1}

3
00:00:10 --> 00:00:14
Therapist: {2}

4
0:0:15,125 --> 0:0:19,000
Patient: {3}
""",
            TABLETS,
        ),
        TABLETS,
        starts=(1.5, 5.25, 10, 15.125),
        why="Point, semicolon, no fraction at all, and times without leading zeros.",
    ),
    wild(
        "srt-no-hours",
        "short.srt",
        fill(NUMBERED.replace("00:00:", "00:"), SLEEVES),
        SLEEVES,
        why="Minutes and seconds with a comma.",
    ),
    wild(
        "srt-arrows-of-word-processors",
        "arrows.srt",
        fill(
            """1
00:00:01,000 \u2013> 00:00:04,000
Therapist: {0}

2
00:00:05,000\u2014>00:00:09,000
Patient: {1}

3
00:00:10,000 \u2192 00:00:14,000
Therapist: {2}

4
00:00:15,000-->00:00:19,000
Patient: {3}
""",
            SLEEP,
        ),
        SLEEP,
        why="AutoCorrect turned the arrow into an en dash with a bracket, an em dash and an arrow character.",
    ),
    wild(
        "srt-blank-inside-and-orphan",
        "gaps.srt",
        fill(NUMBERED, BRIDGE)
        .replace("the bridge. I stood", "the bridge.\n\nI stood")
        .replace("time, and", "time,\n\nand"),
        BRIDGE,
        why="An empty line inside a cue, and text after an empty line at the end: both belong to the cue before.",
    ),
    wild(
        "srt-coordinates-and-styles",
        "styled.srt",
        fill(
            """1
00:00:01,000 --> 00:00:04,000  X1:040 X2:600 Y1:050 Y2:100
{{\\an8}}<font color="#ffff00">Therapist: {0}</font>

2
00:00:05,000 --> 00:00:09,000 X1:040 X2:600
<i>Patient: {1}</i>

3
00:00:10,000 --> 00:00:14,000
<FONT SIZE=12>Therapist: {2}</FONT>

4
00:00:15,000 --> 00:00:19,000
{{\\i1}}Patient: {3}{{\\i0}}
""",
            TABLETS,
        ),
        TABLETS,
        why="Coordinates after the times, HTML fonts and SubStation codes are not speech.",
    ),
    wild(
        "srt-tags-nested-and-unclosed",
        "tags.srt",
        fill(NUMBERED, SLEEP)
        .replace("How has", "<b><i>How</b> has")
        .replace("kill myself", "<u>kill <b>myself")
        .replace("now?", "now?</i></b></u>"),
        SLEEP,
        why="Tags that cross each other or are never closed go; every word stays.",
    ),
    wild(
        "srt-brackets-that-are-words",
        "angle.srt",
        fill(NUMBERED, BRACKETS),
        BRACKETS,
        why="Less than three hours and <laughs> are words; only real tags go.",
    ),
    wild(
        "srt-entities",
        "web.srt",
        fill(NUMBERED, BRACKETS).replace("&", "&amp;").replace("<", "&lt;").replace("will to", "will&nbsp;to"),
        BRACKETS,
        why="A web editor escaped the text; &lt; must not become a tag after it has been decoded.",
    ),
    wild(
        "srt-unsorted-and-overlapping",
        "merged.srt",
        fill(
            """3
00:00:08,500 --> 00:00:14,000
Therapist: {2}

4
00:00:15,000 --> 00:00:19,000
Patient: {3}

1
00:00:01,000 --> 00:00:06,000
Therapist: {0}

2
00:00:05,000 --> 00:00:09,000
Patient: {1}
""",
            SLEEVES,
        ),
        SLEEVES,
        starts=(1, 5, 8.5, 15),
        order="either",
        why="Two tracks were merged: cues overlap and are not in order; each keeps its time.",
        debatable="Sorting changes what the file says; players do it, so both orders are accepted.",
    ),
    wild(
        "srt-old-mac-line-ends",
        "mac.srt",
        fill(NUMBERED, TABLETS).replace("\n", "\r"),
        TABLETS,
        why="Line ends of classic Mac OS: a lone carriage return.",
    ),
    wild(
        "srt-mixed-line-ends",
        "mixed-ends.srt",
        fill(NUMBERED, BRIDGE).replace("\n\n", "\r\n\r").replace("00\nP", "00\r\r\nP"),
        BRIDGE,
        why="CRLF, CR and CR CR LF in one file, as after two wrong conversions.",
    ),
]
