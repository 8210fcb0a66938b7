"""JSON of speech services, from AWS to Azure: words, turns, channels, and every way of writing a time."""

from typing import Any

from sessions_app.pipeline.tests.corpora.wild.conversations import BRIDGE, RULES, SLEEP, SLEEVES, TABLETS
from sessions_app.pipeline.tests.corpora.wild.json_shapes import (
    NAMES,
    STARTS,
    assemblyai,
    aws,
    aws_channels,
    aws_labelled_items,
    azure,
    deepgram,
    deepgram_channels,
    deepgram_paragraphs,
    deepgram_words_only,
    google_v1,
    google_v1_without_speakers,
    google_v2,
    rev_ai,
    rev_com,
)
from sessions_app.pipeline.tests.corpora.wild.model import Conversation, as_json, sorted_by_time, wild

# id, builder, conversation, labels, other properties of the pair
SHAPES: list[tuple[str, Any, Conversation, tuple[str | None, ...], dict[str, Any]]] = [
    (
        "aws-segments",
        aws,
        SLEEP,
        ("spk_0", "spk_1"),
        {"why": "Words and marks as items; who spoke stands in segments."},
    ),
    (
        "aws-labelled-items",
        aws_labelled_items,
        TABLETS,
        ("spk_0", "spk_1"),
        {"why": "Items with speakers, and the same again as audio segments: nothing may be there twice."},
    ),
    (
        "aws-channels",
        aws_channels,
        BRIDGE,
        ("ch_0", "ch_1"),
        {"why": "One channel for each voice; the words must be put in order of time.", "order": "time"},
    ),
    (
        "google-v1-diarised",
        google_v1,
        SLEEP,
        ("1", "2"),
        {"why": "The last result repeats every word, with its speaker: once is enough.", "names_free": True},
    ),
    (
        "google-v1-without-speakers",
        google_v1_without_speakers,
        SLEEVES,
        (None, None),
        {"why": "Durations as seconds and nanoseconds; a second alternative was not said.", "by_turn": False},
    ),
    (
        "google-v2",
        google_v2,
        TABLETS,
        ("1", "2"),
        {"why": "Durations as text with an s; speakers as text.", "names_free": True},
    ),
    (
        "assemblyai",
        assemblyai,
        BRIDGE,
        ("A", "B"),
        {"why": "Milliseconds; whole text, words and utterances say the same."},
    ),
    (
        "deepgram-utterances",
        deepgram,
        SLEEP,
        ("0", "1"),
        {"why": "Utterances beside the channels that say the same; speakers are numbers from 0.", "names_free": True},
    ),
    (
        "deepgram-words",
        deepgram_words_only,
        TABLETS,
        ("0", "1"),
        {"why": "Only words: the punctuated form is what was said, 0 is a speaker.", "names_free": True},
    ),
    (
        "deepgram-channels",
        deepgram_channels,
        SLEEVES,
        ("0", "1"),
        {"why": "Each channel is a voice and runs from start to end.", "names_free": True, "order": "time"},
    ),
    (
        "deepgram-paragraphs",
        deepgram_paragraphs,
        BRIDGE,
        ("0", "1"),
        {"why": "Paragraphs of sentences beside a text with labels and the words.", "names_free": True},
    ),
    ("rev-ai", rev_ai, SLEEP, ("0", "1"), {"why": "Elements for words, marks and spaces.", "names_free": True}),
    ("rev-com", rev_com, SLEEVES, NAMES, {"why": "Speakers by number, their names in a table; clocks with a comma."}),
    (
        "azure",
        azure,
        TABLETS,
        ("1", "2"),
        {"why": "ISO durations and ticks of 100 ns; only the best guess was said.", "names_free": True},
    ),
    (
        "aws-ratio",
        aws,
        RULES,
        ("spk_0", "spk_1"),
        {"why": "Clocks and the ratio are one item each; the colon behind rule is a mark, and no label."},
    ),
]


def case(name: str, build: Any, talk: Conversation, labels: tuple[str | None, ...], more: dict[str, Any]) -> Any:
    free = {"by_turn": any(labels), **more}
    made = wild(f"json-{name}", f"{name}.json", as_json(build(talk)), talk, labels, STARTS, **free)
    return sorted_by_time(made) if made.order == "time" else made


JSON_SERVICES = [case(*shape) for shape in SHAPES]
