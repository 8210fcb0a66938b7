"""JSON of Whisper's family and of meeting tools."""

from typing import Any

from sessions_app.pipeline.tests.corpora.wild.conversations import BRIDGE, LINKS, RULES, SAID, SLEEP, SLEEVES, TABLETS
from sessions_app.pipeline.tests.corpora.wild.json_shapes import NAMES, STARTS, each
from sessions_app.pipeline.tests.corpora.wild.model import Conversation, as_json, punctuated, wild

Rows = list[dict[str, Any]]


def clock(seconds: float, mark: str = ".", digits: int = 3) -> str:
    return f"00:00:{seconds:0{3 + digits}.{digits}f}".replace(".", mark)


def whisper(talk: Conversation) -> dict[str, Any]:
    segments = [
        {"id": n, "seek": 0, "start": start, "end": end, "text": f" {text}", "tokens": [50364], "avg_logprob": -0.21}
        for n, (_, start, end, text) in enumerate(each(talk))
    ]
    return {"text": " ".join(talk.texts), "segments": segments, "language": "en"}


def whisperx(talk: Conversation) -> dict[str, Any]:
    """Aligned words; one of them found no time, and one segment has its speaker only at the words."""
    segments: Rows = []
    for voice, start, end, text in each(talk):
        cut: Rows = [
            {"word": w.text, "start": w.start, "end": w.end, "score": 0.8, "speaker": f"SPEAKER_0{voice}"}
            for w in punctuated(text, start)
        ]
        cut[1] = {"word": cut[1]["word"]}
        segments.append({"start": start, "end": end, "text": f" {text}", "words": cut, "speaker": f"SPEAKER_0{voice}"})
    del segments[1]["speaker"]
    return {"segments": segments, "word_segments": [word for one in segments for word in one["words"]]}


def whisper_cpp(talk: Conversation) -> dict[str, Any]:
    lines = [
        {
            "timestamps": {"from": clock(start, ","), "to": clock(end, ",")},
            "offsets": {"from": round(start * 1000), "to": round(end * 1000)},
            "text": f" {text}",
        }
        for _, start, end, text in each(talk)
    ]
    return {"systeminfo": "AVX = 1", "result": {"language": "en"}, "transcription": lines}


def zoom(talk: Conversation) -> dict[str, Any]:
    lines = [
        {"ts": clock(start), "endTs": clock(end), "text": text, "username": NAMES[voice], "zoomUserId": f"z{voice}"}
        for voice, start, end, text in each(talk)
    ]
    return {"status": True, "result": {"transcript": {"transcriptList": lines}, "meet": {"topic": "Session"}}}


def teams(talk: Conversation) -> dict[str, Any]:
    entries = [
        {
            "id": f"c4d1/{n}",
            "text": text,
            "speakerId": f"8f{voice}",
            "speakerDisplayName": NAMES[voice],
            "confidence": 0.87,
            "startOffset": clock(start, digits=7),
            "endOffset": clock(end, digits=7),
            "hasBeenEdited": False,
            "spokenLanguageTag": "en-us",
        }
        for n, (voice, start, end, text) in enumerate(each(talk))
    ]
    return {"type": "Transcript", "version": "1.0.0", "entries": entries, "events": [{"eventType": "CallStarted"}]}


def otter(talk: Conversation) -> dict[str, Any]:
    """Offsets count samples at 16 kHz; names stand in a table."""
    lines = [
        {
            "transcript": text,
            "start_offset": round(start * 16000),
            "end_offset": round(end * 16000),
            "speaker_id": 7001 + voice,
        }
        for voice, start, end, text in each(talk)
    ]
    speakers = [{"id": 7001 + n, "speaker_name": name} for n, name in enumerate(NAMES)]
    return {"speech": {"title": "Session", "duration": 20, "transcripts": lines, "speakers": speakers}}


def youtube_events(talk: Conversation) -> dict[str, Any]:
    events: Rows = [{"tStartMs": 0, "dDurationMs": 30000, "id": 1, "wpWinPosId": 1}]
    for _, start, end, text in each(talk):
        cut = text.split()
        parts = [{"utf8": cut[0]}, *({"utf8": f" {word}", "tOffsetMs": 250 * n} for n, word in enumerate(cut[1:], 1))]
        events.append({"tStartMs": round(start * 1000), "dDurationMs": round((end - start) * 1000), "segs": parts})
        events.append({"tStartMs": round(end * 1000), "aAppend": 1, "segs": [{"utf8": "\n"}]})
    return {"wireMagic": "pb3", "events": events}


WHISPER = [
    wild(
        "json-whisper",
        "a.json",
        as_json(whisper(SAID)),
        SAID,
        (None, None),
        STARTS,
        why="Words before a colon, no speakers.",
    ),
    wild(
        "json-whisperx",
        "a.json",
        as_json(whisperx(SLEEP)),
        SLEEP,
        ("SPEAKER_00", "SPEAKER_01"),
        STARTS,
        by_turn=True,
        why="A word without times, and a segment whose speaker stands only at its words.",
    ),
    wild(
        "json-whisper-cpp",
        "a.json",
        as_json(whisper_cpp(RULES)),
        RULES,
        (None, None),
        STARTS,
        why="Clocks and milliseconds.",
    ),
    wild(
        "json-youtube-events",
        "a.json3.json",
        as_json(youtube_events(BRIDGE)),
        BRIDGE,
        (None, None),
        STARTS,
        why="Words as parts of events; events of a line break are no lines.",
    ),
]

MEETINGS = [
    wild("json-zoom", "a.json", as_json(zoom(SLEEP)), SLEEP, NAMES, STARTS, why="Nested two deep; clocks, user names."),
    wild(
        "json-teams",
        "a.json",
        as_json(teams(TABLETS)),
        TABLETS,
        NAMES,
        STARTS,
        why="Clocks with seven decimals, display names.",
    ),
    wild(
        "json-otter",
        "a.json",
        as_json(otter(SLEEVES)),
        SLEEVES,
        NAMES,
        STARTS,
        times_optional=True,
        why="Samples for times, and a table of names.",
        debatable="Nothing in the file says 16 kHz but the duration; no times are right, wrong ones are not.",
    ),
    wild(
        "json-chat-messages",
        "a.json",
        as_json(
            {"messages": [{"role": ("therapist", "patient")[v], "content": text} for v, _, _, text in each(LINKS)]}
        ),
        LINKS,
        ("therapist", "patient"),
        None,
        why="Roles and content, no times.",
    ),
]

JSON_TOOLS = [*WHISPER, *MEETINGS]
