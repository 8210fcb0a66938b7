"""JSON of hand-made converters: a list of rows, and what goes wrong in it."""

import json
from typing import Any

from sessions_app.pipeline.tests.corpora.wild.conversations import (
    BRACKETS,
    BRIDGE,
    FAMILY,
    ONCE,
    RULES,
    SAID,
    SCALE,
    SLEEP,
    SLEEVES,
    TABLETS,
)
from sessions_app.pipeline.tests.corpora.wild.json_shapes import NAMES, STARTS, each
from sessions_app.pipeline.tests.corpora.wild.json_tools import clock
from sessions_app.pipeline.tests.corpora.wild.model import Conversation, as_json, fill, wild

Rows = list[dict[str, Any]]


def rows(talk: Conversation, **keys: str) -> Rows:
    """Plain rows; the keys can be renamed."""
    return [
        {
            keys.get("start", "start"): start,
            keys.get("end", "end"): end,
            keys.get("text", "text"): text,
            keys.get("speaker", "speaker"): ("Therapist", "Patient")[voice],
        }
        for voice, start, end, text in each(talk)
    ]


def changed(talk: Conversation, position: int, **values: Any) -> Rows:
    """Plain rows, one of which is other than expected."""
    found = rows(talk)
    found[position] |= values
    return found


def scaled(talk: Conversation, start: str, end: str, per_second: int) -> Rows:
    """Plain rows with whole numbers in another unit."""
    found = [
        {**row, start: round(row["start"] * per_second), end: round(row["end"] * per_second)} for row in rows(talk)
    ]
    return [{key: value for key, value in row.items() if key in {start, end, "text", "speaker"}} for row in found]


TIMES = [
    wild(
        "json-milliseconds-named",
        "a.json",
        as_json(scaled(SLEEP, "startMs", "endMs", 1000)),
        SLEEP,
        starts=STARTS,
        why="The unit stands in the key.",
    ),
    wild(
        "json-milliseconds-unnamed",
        "a.json",
        as_json({"segments": scaled(TABLETS, "start", "end", 1000)}),
        TABLETS,
        starts=STARTS,
        times_optional=True,
        why="Whole numbers that would be hours between short sentences.",
        debatable="1500 could be seconds; then each sentence would take an hour.",
    ),
    wild(
        "json-nanoseconds",
        "a.json",
        as_json(scaled(BRIDGE, "start_ns", "end_ns", 10**9)),
        BRIDGE,
        starts=STARTS,
        times_optional=True,
        why="Nanoseconds: recognised, or no times; never thirty years into the recording.",
    ),
    wild(
        "json-strings-for-numbers",
        "a.json",
        as_json([{**row, "start": str(row["start"]), "end": str(row["end"])} for row in rows(SLEEVES)]),
        SLEEVES,
        starts=STARTS,
        why="Numbers in quotation marks.",
    ),
    wild(
        "json-clocks",
        "a.json",
        as_json([{**row, "start": clock(row["start"]), "end": clock(row["end"], ",")} for row in rows(RULES)]),
        RULES,
        starts=STARTS,
        why="Clocks in quotation marks, with point and comma.",
    ),
    wild(
        "json-start-and-duration",
        "a.json",
        as_json([{"text": text, "start": start, "duration": end - start} for _, start, end, text in each(SAID)]),
        SAID,
        (None, None),
        STARTS,
        why="Start and duration instead of an end.",
    ),
    wild(
        "json-nan-and-infinity",
        "a.json",
        as_json({"segments": changed(SLEEP, 2, start=float("nan"), end=float("inf"))}),
        SLEEP,
        starts=(1.5, 5.25, None, 15.75),
        why="NaN and Infinity, which Python writes: that line has no time or one between; the others keep theirs.",
    ),
    wild(
        "json-one-start-missing",
        "a.json",
        as_json(changed(TABLETS, 1, start=None)),
        TABLETS,
        starts=(1.5, None, 10, 15.75),
        why="One start is null: others keep theirs.",
    ),
    wild(
        "json-first-time-negative",
        "a.json",
        as_json(changed(BRIDGE, 0, start=-0.02)),
        BRIDGE,
        starts=(0, 5.25, 10, 15.75),
        why="Alignment begins a moment before the recording.",
    ),
    wild(
        "json-unsorted",
        "a.json",
        as_json({"segments": [rows(SLEEVES)[n] for n in (2, 0, 3, 1)]}),
        SLEEVES,
        starts=STARTS,
        order="either",
        why="Workers finished in another order; each line keeps its time.",
        debatable="Sorted or as it stands: both are accepted.",
    ),
    wild(
        "json-overlapping",
        "a.json",
        as_json(changed(SLEEP, 0, end=14.0)),
        SLEEP,
        starts=STARTS,
        why="The first line ends after the second began.",
    ),
]

ENTRIES = [
    wild(
        "json-null-and-empty-texts",
        "a.json",
        as_json(
            {"segments": [{"start": 0, "end": 1, "text": None}, *rows(TABLETS), {"start": 20, "text": " "}, None, 7]}
        ),
        TABLETS,
        starts=STARTS,
        why="Entries without words are left out; the rest is there.",
    ),
    wild(
        "json-text-is-a-number",
        "a.json",
        as_json(
            {
                "segments": [
                    {**row, "text": int(row["text"]) if n == 1 else row["text"]} for n, row in enumerate(rows(SCALE))
                ]
            }
        ),
        SCALE,
        starts=STARTS,
        why="An answer was stored as a number.",
        debatable="A number is not text; but the patient said 8.",
    ),
    wild(
        "json-speaker-is-a-number",
        "a.json",
        as_json([{**row, "speaker": n % 2} for n, row in enumerate(rows(SLEEVES))]),
        SLEEVES,
        ("0", "1"),
        STARTS,
        names_free=True,
        why="Speaker 0 is a speaker.",
    ),
    wild(
        "json-speaker-is-an-object",
        "a.json",
        as_json([{**row, "speaker": {"id": n % 2, "name": NAMES[n % 2]}} for n, row in enumerate(rows(BRIDGE))]),
        BRIDGE,
        NAMES,
        STARTS,
        why="The name lies one level deeper.",
    ),
    wild(
        "json-three-speakers",
        "a.json",
        as_json([{**row, "speaker": n} for row, n in zip(rows(FAMILY), ("T", "Mother", "T", "Lea"), strict=True)]),
        FAMILY,
        ("T", "Lea", "Mother"),
        STARTS,
        why="The mother is not the patient.",
    ),
    wild(
        "json-channels",
        "a.json",
        as_json({"utterances": [{**row, "speaker": None, "channel": n % 2} for n, row in enumerate(rows(SLEEP))]}),
        SLEEP,
        ("0", "1"),
        STARTS,
        names_free=True,
        why="No speaker, but a channel for each voice.",
    ),
    wild(
        "json-labels-inside-texts",
        "a.json",
        as_json([{"start": row["start"], "text": f"{row['speaker']}: {row['text']}"} for row in rows(SAID)]),
        SAID,
        starts=STARTS,
        why="Labels in the text; behind them, I said and One thing are words.",
    ),
    wild(
        "json-other-keys",
        "a.json",
        as_json(
            {
                "data": {
                    "transcript": {"items": rows(TABLETS, start="begin", end="stop", text="content", speaker="name")}
                }
            }
        ),
        TABLETS,
        starts=STARTS,
        why="Nested three deep, with keys of its own.",
        debatable="No list of keys is complete; these are common words for the same things.",
    ),
    wild(
        "json-lines",
        "a.jsonl",
        "\n".join(json.dumps(row) for row in rows(RULES)) + "\n",
        RULES,
        starts=STARTS,
        why="One object a line.",
    ),
    wild(
        "json-with-mark-and-brackets",
        "a.json",
        "\ufeff" + as_json({"segments": rows(BRACKETS)}),
        BRACKETS,
        starts=STARTS,
        why="A byte order mark before the brace; angle brackets that are words.",
    ),
    wild(
        "json-escaped",
        "a.txt",
        json.dumps(
            {
                "segments": [
                    {"speaker": "Mar\u00eda Jos\u00e9" if v else "Dr. O\u2019Neill", "text": t}
                    for v, _, _, t in each(SLEEP)
                ]
            }
        ),
        SLEEP,
        ("Dr. O\u2019Neill", "Mar\u00eda Jos\u00e9"),
        None,
        why="Escapes, no times, and a name that ends in txt.",
    ),
    wild(
        "json-transcript-as-one-string",
        "a.json",
        as_json({"transcript": fill("Therapist: {0}\nPatient: {1}\nTherapist: {2}\n", ONCE), "status": "done"}),
        ONCE,
        starts=None,
        why="The whole talk with its labels in one string.",
    ),
]

JSON_ROWS = [*TIMES, *ENTRIES]
