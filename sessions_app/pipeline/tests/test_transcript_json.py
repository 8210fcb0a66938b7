import json

import pytest

from sessions_app.pipeline.tests.transcripts import read, timed

FIRST, SECOND = "How was the week since we met?", "Hard. I hardly slept."


def words(text, *, key, **extra):
    return [{key: word, **extra} for word in text.split()]


SHAPES = {
    "whisper": {
        "text": "all",
        "segments": [{"start": 0.5, "end": 2.5, "text": f" {FIRST}"}, {"start": 3.25, "end": 5, "text": SECOND}],
    },
    "whisperx": {
        "segments": [
            {"start": 0.5, "end": 2.5, "text": FIRST, "speaker": "A", "words": words(FIRST, key="word", speaker="A")},
            {"start": 3.25, "end": 5.0, "text": SECOND, "words": words(SECOND, key="word", speaker="B")},
        ],
        "word_segments": words(FIRST, key="word"),
    },
    "whisper.cpp": {
        "transcription": [
            {"timestamps": {"from": "00:00:00,500"}, "offsets": {"from": 500, "to": 2500}, "text": FIRST},
            {"offsets": {"from": 3250, "to": 5000}, "text": SECOND},
        ]
    },
    "transformers": {
        "text": "all",
        "chunks": [{"timestamp": [0.5, 2.5], "text": FIRST}, {"timestamp": [3.25, 5.0], "text": SECOND}],
    },
    "zoom": {
        "timeline": [
            {"ts": "00:00:00.500", "end_ts": "00:00:02.500", "text": FIRST, "users": [{"username": "A"}]},
            {"ts": "00:00:03.250", "end_ts": "00:00:05.000", "text": SECOND, "users": [{"username": "B"}]},
        ]
    },
    "teams": {
        "entries": [
            {
                "text": FIRST,
                "speakerDisplayName": "A",
                "startOffset": "00:00:00.5000000",
                "endOffset": "00:00:02.5000000",
            },
            {"text": SECOND, "speakerDisplayName": "B", "startOffset": "00:00:03.2500000", "endOffset": "00:00:05"},
        ]
    },
    "otter": {
        "speech": {
            "speakers": [{"id": 7, "speaker_name": "A"}, {"id": 8, "speaker_name": "B"}],
            "transcripts": [
                {"transcript": FIRST, "start_offset": 8000, "end_offset": 40000, "speaker_id": 7},
                {"transcript": SECOND, "start_offset": 52000, "end_offset": 80000, "speaker_id": 8},
            ],
        }
    },
    "rev": {
        "speakers": [{"id": 0, "name": "A"}, {"id": 1, "name": "B"}],
        "monologues": [
            {
                "speaker": 0,
                "elements": [
                    {"type": "text", "value": FIRST[:-1], "ts": 0.5, "end_ts": 2.5},
                    {"type": "punct", "value": "?"},
                ],
            },
            {
                "speaker": 1,
                "elements": [
                    {"type": "text", "value": "Hard", "ts": 3.25, "end_ts": 4},
                    {"type": "punct", "value": ". "},
                    {"type": "text", "value": "I hardly slept", "ts": 4.5, "end_ts": 5},
                    {"type": "punct", "value": "."},
                ],
            },
        ],
    },
    "google": {
        "results": [
            {"alternatives": [{"transcript": FIRST, "words": [{"word": "How"}]}], "resultEndTime": "2.500s"},
            {
                "alternatives": [
                    {
                        "words": [
                            *words(FIRST, key="word", speakerTag=1, startTime="0.500s", endTime="2.500s"),
                            *words(SECOND, key="word", speakerTag=2, startTime="3.250s", endTime="5s"),
                        ]
                    }
                ]
            },
        ]
    },
    "assemblyai": {
        "text": "all",
        "words": words(FIRST, key="text"),
        "utterances": [
            {"speaker": "A", "text": FIRST, "start": 500, "end": 2500},
            {"speaker": "B", "text": SECOND, "start": 3250, "end": 5000},
        ],
    },
    "deepgram": {
        "results": {
            "channels": [{"alternatives": [{"transcript": "all", "words": words(FIRST, key="word")}]}],
            "utterances": [
                {"start": 0.5, "end": 2.5, "transcript": FIRST, "speaker": 0, "channel": 0},
                {"start": 3.25, "end": 5.0, "transcript": SECOND, "speaker": 1, "channel": 0},
            ],
        }
    },
    "deepgram paragraphs": {
        "results": {
            "channels": [
                {
                    "alternatives": [
                        {
                            "transcript": "all",
                            "words": words(FIRST, key="word", speaker=0),
                            "paragraphs": {
                                "paragraphs": [
                                    {"speaker": 0, "start": 0.5, "end": 2.5, "sentences": [{"text": FIRST}]},
                                    {
                                        "speaker": 1,
                                        "start": 3.25,
                                        "end": 5.0,
                                        "sentences": [{"text": "Hard."}, {"text": "I hardly slept."}],
                                    },
                                ]
                            },
                        }
                    ]
                }
            ]
        }
    },
    "aws": {
        "results": {
            "transcripts": [{"transcript": "all"}],
            "audio_segments": [
                {"transcript": FIRST, "start_time": "0.5", "end_time": "2.5", "speaker_label": "spk_0"},
                {"transcript": SECOND, "start_time": "3.25", "end_time": "5.0", "speaker_label": "spk_1"},
            ],
        }
    },
    "azure": {
        "recognizedPhrases": [
            {"speaker": 1, "offset": "PT0.5S", "duration": "PT2S", "nBest": [{"display": FIRST}]},
            {"speaker": 2, "offsetInTicks": 32500000, "durationInTicks": 17500000, "nBest": [{"display": SECOND}]},
        ]
    },
    "graph": [
        {
            "startDateTime": "2026-11-20T14:00:00.5Z",
            "endDateTime": "2026-11-20T14:00:02.5Z",
            "speakerName": "A",
            "spokenText": FIRST,
        },
        {
            "startDateTime": "2026-11-20T14:00:03.25Z",
            "endDateTime": "2026-11-20T14:00:05Z",
            "speakerName": "B",
            "spokenText": SECOND,
        },
    ],
}
SHAPES["channels of aws"] = {
    "results": {
        "items": words("all of it", key="content"),
        "channel_labels": {
            "channels": [
                {
                    "channel_label": f"ch_{at}",
                    "items": [{"alternatives": [{"content": text}], "start_time": start, "end_time": end}],
                }
                for at, (text, start, end) in enumerate([(FIRST, "0.5", "2.5"), (SECOND, "3.25", "5.0")])
            ]
        },
    }
}
SHAPES["channels"] = [
    {"text": FIRST, "start": 0.5, "end": 2.5, "channel": 0},
    {"text": SECOND, "start": 3.25, "end": 5.0, "channel": 1},
]
SHAPES["youtube"] = {
    "events": [
        {
            "tStartMs": 500,
            "dDurationMs": 2000,
            "segs": [{"utf8": word} for word in FIRST.replace(" ", "| ").split("|")],
        },
        {"tStartMs": 2600, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 3250, "dDurationMs": 1750, "segs": [{"utf8": SECOND}]},
    ]
}
UNLABELLED = {"youtube"} | {"whisper", "whisper.cpp", "transformers"}


@pytest.mark.parametrize("service", SHAPES)
def test_the_json_of_a_service_is_read(service):
    (start, end, one, first), (begin, finish, two, second) = timed(json.dumps(SHAPES[service]), "a.json")
    assert (first, second) == (FIRST, SECOND)
    assert (round(end - start, 3), round(begin - start, 3), round(finish - start, 3)) == (2.0, 2.75, 4.5)
    assert (one == "") == (service in UNLABELLED)
    assert (one == two) == (service in UNLABELLED)


def test_old_aws_output_has_its_speakers_in_a_list_of_their_own():
    spoken = [("0.5", "So", "spk_0"), ("1.5", "Yes", "spk_1")]
    items = [{"start_time": at, "end_time": at, "alternatives": [{"content": word}]} for at, word, _ in spoken]
    items.insert(1, {"alternatives": [{"content": "?"}], "type": "punctuation"})
    labels = [{"items": [{"start_time": at, "speaker_label": who}], "speaker_label": who} for at, _, who in spoken]
    content = {
        "results": {"items": items, "speaker_labels": {"segments": labels}, "transcripts": [{"transcript": "all"}]}
    }
    assert [line[2:] for line in timed(json.dumps(content), "a.json")] == [("spk_0", "So?"), ("spk_1", "Yes")]


def test_both_channels_are_read():
    channels = [
        {"alternatives": [{"words": words(text, key="word", speaker=at)}]} for at, text in enumerate(("So?", "Yes."))
    ]
    assert [line[3] for line in timed(json.dumps({"results": {"channels": channels}}), "a.json")] == ["So?", "Yes."]


@pytest.mark.parametrize("unit", [1, 1000, 1_000_000, 1_000_000_000])
def test_the_unit_of_times_is_told_by_the_pace_of_speech(unit):
    content = [
        {"text": FIRST, "start": 60 * unit, "end": 63 * unit},
        {"text": SECOND, "start": 64 * unit, "end": 66 * unit},
    ]
    assert [line[:2] for line in timed(json.dumps(content))] == [(60.0, 63.0), (64.0, 66.0)]


def test_the_unit_may_stand_in_the_key():
    assert timed('[{"text": "Yes.", "start_ms": 9, "endMs": 12}]') == [(0.009, 0.012, "", "Yes.")]


@pytest.mark.parametrize("bad", ['{"text": null}', "3", '{"text": " "}', '{"start": 1}', "null"])
def test_an_entry_without_text_is_skipped_and_counted(bad):
    parsed = read(f'[{{"text": "Yes."}}, {bad}]', "a.json")
    assert [one.text for one in parsed.segments] == ["Yes."]
    assert parsed.warnings == ["1 entry without text was skipped."]


@pytest.mark.parametrize("bad", ["null", '"soon"', "NaN", "1e300", "true", "[]"])
def test_an_entry_without_a_time_gets_one_between_its_neighbours(bad):
    around = '[{"text": "a", "start": 3, "end": 4}, {"text": "b", "start": BAD}, {"text": "c", "start": 9, "end": 10}]'
    content = around.replace("BAD", bad)
    assert [line[0] for line in timed(content)] == [3.0, 4.0, 9.0]
    assert "1 time could not" in read(content).warnings[0] or "2 times could not" in read(content).warnings[0]


def test_times_become_monotonic_and_ends_follow_starts():
    content = [
        {"text": "c", "start": 9, "end": 2},
        {"text": "a", "start": -4, "end": 3},
        {"text": "b", "start": 5, "end": None},
    ]
    assert timed(json.dumps(content)) == [(0.0, 3.0, "", "a"), (5.0, 5.0, "", "b"), (9.0, 9.0, "", "c")]
    assert [one.index for one in read(json.dumps(content)).segments] == [0, 1, 2]


def test_labels_in_the_text_of_entries_are_found():
    content = [{"text": "Therapist: So?"}, {"text": "Patient: Yes."}]
    assert [line[2:] for line in timed(json.dumps(content))] == [("Therapist", "So?"), ("Patient", "Yes.")]


@pytest.mark.parametrize(
    "text", ["Therapist: So?\nPatient: Yes.", "WEBVTT\n\n00:01.000 --> 00:02.000\nTherapist: So?\nPatient: Yes."]
)
def test_a_transcript_in_one_text_is_read(text):
    assert [line[2:] for line in timed(json.dumps({"transcript": text}))] == [("Therapist", "So?"), ("Patient", "Yes.")]


def test_one_object_a_line_is_read():
    assert [line[3] for line in timed('{"text": "So?"}\n{"text": "Yes."}\n', "a.json")] == ["So?", "Yes."]
