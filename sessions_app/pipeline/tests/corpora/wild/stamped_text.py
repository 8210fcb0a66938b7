"""Plain text with clocks: before, behind, above and inside labels."""

from sessions_app.pipeline.tests.corpora.wild.conversations import (
    BRIDGE,
    LINKS,
    ONCE,
    RULES,
    SLEEP,
    SLEEVES,
    TABLETS,
)
from sessions_app.pipeline.tests.corpora.wild.model import fill, wild

PAIR = ("Priya Raman", "Lin Gast")

SERVICES = [
    wild(
        "txt-of-otter",
        "otter.txt",
        fill(
            "Priya Raman  0:01  \n{0}\n\nLin Gast  0:05  \n{1}\n\n"
            "Priya Raman  0:10  \n{2}\n\nLin Gast  1:00:15  \n{3}\n\n"
            "Transcribed by https://otter.ai\n",
            SLEEP,
        ),
        SLEEP,
        PAIR,
        starts=(1, 5, 10, 3615),
        may_remain=("Transcribed by https://otter.ai",),
        why="Name, two spaces, clock, and the words below; the last line was not said.",
        debatable="The last line may be kept without a voice, but is not the patient's.",
    ),
    wild(
        "txt-of-otter-unknown-speaker",
        "otter.txt",
        fill("Unknown Speaker  0:01\n{0}\n\nSpeaker 2  0:05\n{1}\n\nUnknown Speaker  0:10\n{2}\n", ONCE),
        ONCE,
        ("Unknown Speaker", "Speaker 2"),
        why="A number ends the name and a clock follows; the voice is Speaker 2.",
    ),
    wild(
        "txt-of-rev",
        "rev.txt",
        fill(
            "Speaker 1 (00:01):\n{0}\n\nSpeaker 2 (00:05):\n{1}\n\n"
            "Speaker 1 (00:10):\n{2}\n\nSpeaker 2 (01:00:15):\n{3}\n",
            RULES,
        ),
        RULES,
        ("Speaker 1", "Speaker 2"),
        starts=(1, 5, 10, 3615),
        why="Clock in brackets between label and colon, words below; hours appear when they are needed.",
    ),
    wild(
        "txt-of-descript",
        "descript.txt",
        fill(
            "[00:00:01] Dr. O'Neill: {0}\n\n[00:00:05] Ana: {1}\n\n"
            "[00:00:10] Dr. O'Neill: {2}\n\n[00:00:15] Ana: {3}\n",
            BRIDGE,
        ),
        BRIDGE,
        ("Dr. O'Neill", "Ana"),
        why="Clock in square brackets before the label.",
    ),
    wild(
        "txt-of-descript-markdown",
        "descript.md.txt",
        fill(
            "**Anna:** [00:00:01.50] {0}\n\n**Ben:** [00:00:05.25] {1}\n\n"
            "**Anna:** [00:00:10] {2}\n\n**Ben:** [00:00:15] {3}\n",
            TABLETS,
        ),
        TABLETS,
        ("Anna", "Ben"),
        starts=(1.5, 5.25, 10, 15),
        why="Bold label, then a clock with hundredths.",
    ),
    wild(
        "txt-of-teams-word",
        "teams.txt",
        fill(
            """0:0:1.0 --> 0:0:4.250
Priya Raman
{0}

0:0:5.20 --> 0:0:9.0
Lin Gast
{1}

0:0:10.0 --> 0:0:14.0
Priya Raman
{2}

0:0:15.500 --> 0:0:19.0
Lin Gast
{3}
""",
            SLEEVES,
        ),
        SLEEVES,
        PAIR,
        starts=(1, 5.2, 10, 15.5),
        why="Teams' Word export as text: times without zeros, the name on its own line, then the words.",
        debatable="The name could be words of the cue; two names alone on the first line of every cue are labels.",
    ),
    wild(
        "txt-of-google-meet",
        "meet.txt",
        fill(
            """Weekly session (2026-05-12 14:05 GMT+2) - Transcript
Attendees
Priya Raman, Lin Gast
Transcript

00:00:00

Priya Raman: {0}
Lin Gast: {1}

00:05:00

Priya Raman: {2}
Lin Gast: {3}

Meeting ended after 00:50:12 \U0001f44b
""",
            SLEEP,
        ),
        SLEEP,
        PAIR,
        starts=(0, None, 300, None),
        times_optional=True,
        may_remain=(
            "Weekly session (2026-05-12 14:05 GMT+2) - Transcript",
            "Attendees",
            "Priya Raman, Lin Gast",
            "Transcript",
            "Attendees Priya Raman, Lin Gast Transcript",
            "Weekly session (2026-05-12 14:05 GMT+2) - Transcript Attendees Priya Raman, Lin Gast Transcript",
            "Meeting ended after 00:50:12 \U0001f44b",
        ),
        why="Meet writes the clock every five minutes above several turns, and says who came and when it ended.",
        debatable="A clock of five minutes is nobody's exactly: the first line may have it, others none or between.",
    ),
    wild(
        "txt-of-zoom-captions",
        "meeting_saved_closed_caption.txt",
        fill(
            "[Priya Raman] 14:05:01\n{0}\n\n[Lin Gast] 14:05:05\n{1}\n\n"
            "[Priya Raman] 14:05:10\n"
            "{2}\n\n[Lin Gast] 14:06:15\n{3}\n",
            TABLETS,
        ),
        TABLETS,
        PAIR,
        starts=(0, 4, 9, 74),
        times_optional=True,
        why="Name in brackets, then the time of day; the words lie below.",
        debatable="A time of day is no position in a recording: from the first line on, or none; never 14 hours.",
    ),
    wild(
        "txt-of-whisper-console",
        "console.txt",
        fill(
            "[00:01.000 --> 00:04.000]  {0}\n[00:05.120 --> 00:09.000]  {1}\n"
            "[00:10.000 --> 00:14.000]  {2}\n[01:00:15.000 --> 01:00:19.000]  {3}\n",
            RULES,
        ),
        RULES,
        (None, None),
        starts=(1, 5.12, 10, 3615),
        why="What Whisper prints: two times in brackets before each line.",
    ),
    wild(
        "txt-of-diarisation-console",
        "diarised.txt",
        fill(
            "SPEAKER_00 [00:00:01.000 --> 00:00:04.000]: {0}\nSPEAKER_01 [00:00:05.120 --> 00:00:09.000]: {1}\n"
            "SPEAKER_00 [00:00:10.000 --> 00:00:14.000]: {2}\nSPEAKER_01 [00:00:15.000 --> 00:00:19.000]: {3}\n",
            BRIDGE,
        ),
        BRIDGE,
        ("SPEAKER_00", "SPEAKER_01"),
        starts=(1, 5.12, 10, 15),
        why="Label, two times, colon.",
    ),
    wild(
        "txt-tab-separated",
        "table.txt",
        fill(
            "00:00:01\tPriya Raman\t{0}\n00:00:05\tLin Gast\t{1}\n"
            "00:00:10\tPriya Raman\t{2}\n00:00:15\tLin Gast\t{3}\n",
            SLEEVES,
        ),
        SLEEVES,
        PAIR,
        why="Three columns with tabs between.",
    ),
    wild(
        "txt-of-whisper-tsv",
        "whisper.txt",
        fill("start\tend\ttext\n1000\t4000\t{0}\n5120\t9000\t{1}\n10000\t14000\t{2}\n15000\t19000\t{3}\n", SLEEP),
        SLEEP,
        (None, None),
        starts=(1, 5.12, 10, 15),
        why="Whisper's table: milliseconds, and a row of headings that was not said.",
    ),
]

CLOCKS = [
    wild(
        "txt-clock-behind-label",
        "behind.txt",
        fill(
            "Therapist 00:01: {0}\nPatient [00:05]: {1}\nTherapist (0:10): {2}\nPatient @ 00:00:15: {3}\n",
            TABLETS,
        ),
        TABLETS,
        why="Label and clock in four ways of writing, one in each line.",
    ),
    wild(
        "txt-clock-in-braces-and-bare",
        "before.txt",
        fill("00:01 Therapist: {0}\n{{00:05}} Patient: {1}\n00:10 - Therapist: {2}\n00.15 | Patient: {3}\n", SLEEP),
        SLEEP,
        why="Before the label: bare, in braces, with a dash, and with a point and a bar.",
        debatable="00.15 may be a decimal; beside three clocks at the same place it is 15 seconds.",
    ),
    wild(
        "txt-clock-behind-colon",
        "inside.txt",
        fill("Therapist: [00:01] {0}\nPatient: (00:05) {1}\nTherapist: [00:10] {2}\nPatient: (00:15) {3}\n", SLEEVES),
        SLEEVES,
        why="The clock follows the colon; it is not said.",
    ),
    wild(
        "txt-fullwidth-clock",
        "wide.txt",
        fill("[00\uff1a01] Therapist\uff1a{0}\n[00\uff1a05] Patient\uff1a{1}\n[00\uff1a10] Therapist\uff1a{2}\n", ONCE),
        ONCE,
        why="Typed with an Asian keyboard: fullwidth colons in clock and label.",
    ),
    wild(
        "txt-minutes-past-99",
        "long.txt",
        fill("[98:01] Therapist: {0}\n[99:55] Patient: {1}\n[100:10] Therapist: {2}\n[121:15] Patient: {3}\n", BRIDGE),
        BRIDGE,
        starts=(5881, 5995, 6010, 7275),
        why="Minutes go on counting past 99.",
    ),
    wild(
        "txt-hours-past-99",
        "recorder.txt",
        fill(
            "[100:00:01] Therapist: {0}\n[100:00:05] Patient: {1}\n"
            "[100:00:10] Therapist: {2}\n[100:01:15] Patient: {3}\n",
            TABLETS,
        ),
        TABLETS,
        starts=(360001, 360005, 360010, 360075),
        why="A recorder's running clock with three digits for hours.",
    ),
    wild(
        "txt-comma-and-semicolon-fractions",
        "fractions.txt",
        fill(
            "[00:00:01,500] Therapist: {0}\n[00:00:05;250] Patient: {1}\n"
            "[00:00:10.123456] Therapist: {2}\n[00:00:15] Patient: {3}\n",
            SLEEVES,
        ),
        SLEEVES,
        starts=(1.5, 5.25, 10.123, 15),
        why="Fractions after a comma, a semicolon and with six digits.",
    ),
    wild(
        "txt-time-of-day-am-pm",
        "day.txt",
        fill(
            "[11:58:01 AM] Therapist: {0}\n[11:58:05 a.m.] Patient: {1}\n"
            "[12:01:10 PM] Therapist: {2}\n[1:00:15 p.m.] Patient: {3}\n",
            SLEEP,
        ),
        SLEEP,
        starts=(0, 4, 189, 3734),
        times_optional=True,
        why="Times of day in four ways of writing, across noon and one o'clock.",
        debatable="From the first line on, or none: 11:58 is not 12 hours into a recording.",
    ),
    wild(
        "txt-time-of-day-behind-name",
        "chat.txt",
        fill("Priya Raman, 2:05 PM\n{0}\n\nLin Gast, 2:06 PM\n{1}\n\nPriya Raman, 2:08 PM\n{2}\n", ONCE),
        ONCE,
        PAIR,
        starts=(0, 60, 180),
        times_optional=True,
        why="As in a chat: name, comma, time of day; words below.",
        debatable="As above: from the first line on, or none.",
    ),
    wild(
        "txt-clock-alone-above",
        "above.txt",
        fill(
            "00:01\nTherapist: {0}\n\n00:05\nPatient: {1}\n\n00:10\nTherapist: {2}\n\n00:15\nPatient: {3}\n",
            BRIDGE,
        ),
        BRIDGE,
        why="The clock has its own line above the label.",
    ),
    wild(
        "txt-stamps-and-clocks-that-are-said",
        "both.txt",
        fill("[00:01] Therapist: {0}\n[00:05] Patient: {1}\n[00:10] Therapist: {2}\n[00:15] Patient: {3}\n", LINKS),
        LINKS,
        why="Stamps before the labels; the clocks inside the sentences were said and stay.",
    ),
    wild(
        "txt-minutes-and-seconds-in-words",
        "units.txt",
        fill("(0m01s) Therapist: {0}\n(0m05s) Patient: {1}\n(0m10s) Therapist: {2}\n(1h00m15s) Patient: {3}\n", RULES),
        RULES,
        starts=(1, 5, 10, 3615),
        times_optional=True,
        why="Clocks with units; at least they are not part of the label or the words.",
        debatable="Rare; a reader that does not know them may leave the times out.",
    ),
]

STAMPED_TEXT = [*SERVICES, *CLOCKS]
