"""SRT and SBV: labels, voices without labels, and words before a colon."""

from sessions_app.pipeline.tests.corpora.wild.conversations import (
    BRIDGE,
    FAMILY,
    LINKS,
    RULES,
    SAID,
    SLEEP,
    SLEEVES,
    SPANISH,
    TABLETS,
)
from sessions_app.pipeline.tests.corpora.wild.model import fill, wild
from sessions_app.pipeline.tests.corpora.wild.subtitles import NUMBERED, UNLABELLED

VOICES = [
    wild(
        "srt-speech-before-a-colon",
        "said.srt",
        fill(UNLABELLED, SAID),
        SAID,
        (None, None),
        why="No label in the file: I said and One thing are words.",
    ),
    wild(
        "srt-labels-and-speech-with-colons",
        "rules.srt",
        fill(NUMBERED.replace("Therapist", "Dr. O'Neill").replace("Patient", "Ana"), RULES),
        RULES,
        ("Dr. O'Neill", "Ana"),
        why="Behind the label come a rule with a colon, a ratio and clocks; none of them is another label.",
    ),
    wild(
        "srt-links-and-clocks",
        "links.srt",
        fill(UNLABELLED, LINKS),
        LINKS,
        (None, None),
        why="https before a colon is no name; a clock inside a sentence is no time stamp.",
    ),
    wild(
        "srt-wrapped-lines",
        "wrapped.srt",
        fill(NUMBERED, RULES)
        .replace("stay in touch", "stay\nin touch")
        .replace("My rule: never call first. The ", "\nMy rule: never call first.\nThe ")
        .replace("10:30 is fine, ", "\n10:30 is fine,\n"),
        RULES,
        why="Cues of several lines, some of which begin with words before a colon.",
    ),
    wild(
        "srt-two-voices-in-a-cue",
        "dashes.srt",
        fill(
            """1
00:00:01,000 --> 00:00:09,000
- {0}
- {1}

2
00:00:10,000 --> 00:00:19,000
\u2013 {2}
\u2013 {3}
""",
            SLEEP,
        ),
        SLEEP,
        (None, None),
        starts=(1, None, 10, None),
        why="A dash begins each of two voices in a cue; in one line the patient's words would be the therapist's.",
        debatable="Nobody is named, so one line for each cue would lose no word; but it would mix two people.",
    ),
    wild(
        "srt-two-labels-in-a-cue",
        "pairs.srt",
        fill(
            """1
00:00:01,000 --> 00:00:09,000
Therapist: {0}
Patient: {1}

2
00:00:10,000 --> 00:00:19,000
Therapist: {2}
Patient: {3}
""",
            TABLETS,
        ),
        TABLETS,
        starts=(1, None, 10, None),
        why="Two labelled lines in a cue are two voices.",
    ),
    wild(
        "srt-broadcast-chevrons",
        "broadcast.srt",
        fill(NUMBERED.replace("Therapist:", ">> THERAPIST:").replace("Patient:", ">> PATIENT:"), BRIDGE),
        BRIDGE,
        ("THERAPIST", "PATIENT"),
        why="Broadcast captions mark a new speaker with chevrons and capitals.",
    ),
    wild(
        "srt-labels-in-square-brackets",
        "square.srt",
        fill(NUMBERED.replace("Therapist:", "[Therapist]").replace("Patient:", "[Patient]"), SLEEVES),
        SLEEVES,
        why="The speaker stands in brackets without a colon.",
        debatable="[crying] looks alike; but Therapist and Patient are words for people, and recur.",
    ),
    wild(
        "srt-three-voices",
        "family.srt",
        fill(
            NUMBERED.replace("Therapist", "Priya Raman")
            .replace("Patient: {1}", "Mother: {1}")
            .replace("Patient", "Lea"),
            FAMILY,
        ),
        FAMILY,
        ("Priya Raman", "Lea", "Mother"),
        why="Who speaks about the patient is not the patient.",
    ),
    wild(
        "srt-accents-decomposed",
        "decomposed.srt",
        fill(NUMBERED.replace("Therapist", "Mari\u0301a Jose\u0301").replace("Patient", "Lui\u0301s"), SPANISH),
        SPANISH,
        ("Mari\u0301a Jose\u0301", "Lui\u0301s"),
        why="Names whose accents are characters of their own are still names.",
    ),
]

SBV = [
    wild(
        "sbv-of-youtube",
        "captions.sbv",
        fill(
            """0:00:01.000,0:00:04.000
THERAPIST: {0}

0:00:05.000,0:00:09.000
PATIENT: {1}

0:00:10.000,0:00:14.000
THERAPIST: {2}

0:00:15.000,0:00:19.000
PATIENT: {3}
""",
            SLEEP,
        ),
        SLEEP,
        ("THERAPIST", "PATIENT"),
        why="YouTube's own format: two times with a comma between.",
    ),
    wild(
        "sbv-named-txt",
        "captions.txt",
        fill(
            """0:00:01.000,0:00:04.000
{0}

0:00:05.000,0:00:09.000
{1}

0:00:10.000,0:00:14.000
{2}

1:00:15.000,1:00:19.000
{3}
""",
            SAID,
        ),
        SAID,
        (None, None),
        starts=(1, 5, 10, 3615),
        why="The content decides, not the name of the file; words before a colon stay.",
    ),
]

SUBTITLE_VOICES = [*VOICES, *SBV]
